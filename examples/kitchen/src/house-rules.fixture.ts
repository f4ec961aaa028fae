// What must hold in a kitchen, whatever fails: read from its bells alone.
import type { RecordedEvent } from 'carillon';
import type { Work } from './station/station-bells.js';

/** The places of each station. */
const places: Readonly<Record<string, number>> = { Grill: 4, Cold: 3 };

interface Item {
  readonly itemId: string;
  readonly dish: string;
  readonly course: number;
}
interface Ticket {
  readonly table: string;
  readonly items: readonly Item[];
  readonly struck: Set<string>;
  readonly fired: Map<number, readonly Item[]>;
  readonly rung: Set<number>;
  readonly served: Set<number>;
  isVoided: boolean;
}

/** A kitchen as its bells tell of it, and what of that must not be. */
export class HouseRules {
  readonly problems: string[] = [];
  readonly #tickets = new Map<string, Ticket>();
  readonly #started = new Set<string>();
  readonly #prepared = new Set<string>();
  readonly #lines = new Map<string, { readonly cooking: Set<string>; readonly queue: Set<string> }>();
  readonly #off = new Set<string>();
  readonly #plates = { served: 0, cleared: 0, washed: 0 };

  constructor(events: readonly RecordedEvent[]) {
    for (const { type, data } of events) {
      const [, station, what] = /^(Grill|Cold)(Queued|Started|Prepared|Dropped)$/.exec(type) ?? [];
      if (what !== 'Started') this.#checkPlaces();
      if (station !== undefined && what !== undefined) this.#hearStation(station, what, data as Work);
      else this.#hear(type, data as any);
    }
    this.#checkPlaces();
  }

  /** What must not be when nothing is left to do. */
  atRest(): readonly string[] {
    const problems: string[] = [];
    for (const [station, { cooking }] of this.#lines) {
      if (cooking.size > 0) problems.push(`${station} is still at ${[...cooking].join()}`);
    }
    for (const [ticketId, ticket] of this.#tickets) {
      const missing = ticket.items.filter(
        ({ itemId, course }) => !ticket.struck.has(itemId) && !ticket.served.has(course),
      );
      if (!ticket.isVoided && missing.length > 0) {
        problems.push(`${ticketId} waits for ever for ${missing.map(({ itemId }) => itemId).join()}`);
      }
    }
    const { cleared, washed } = this.#plates;
    if (cleared !== washed) problems.push(`${cleared} plates were cleared, and ${washed} washed`);
    return problems;
  }

  #hear(type: string, data: any): void {
    const ticket = this.#tickets.get(data.ticketId);
    const rule = (isKept: boolean | undefined, problem: string) => {
      if (isKept !== true) this.problems.push(`${type} of ${data.ticketId ?? data.table}: ${problem}`);
    };
    switch (type) {
      case 'ItemEightySixed':
        this.#off.add(data.dish);
        break;
      case 'ItemBackOn':
        this.#off.delete(data.dish);
        break;
      case 'NewOrder':
        rule(ticket === undefined, 'the ticket was used before');
        rule(
          data.items.every(({ dish }: Item) => !this.#off.has(dish)),
          'it holds what is off',
        );
        this.#tickets.set(data.ticketId, newTicket(data.table, data.items));
        break;
      case 'CourseFired':
        rule(ticket?.isVoided === false, 'it was voided');
        rule(ticket?.fired.has(data.course) === false, 'it was fired before');
        rule(
          data.items.every(({ itemId }: Item) => ticket?.struck.has(itemId) === false),
          'it holds what was struck',
        );
        ticket?.fired.set(data.course, data.items);
        break;
      case 'GuestsTold':
        rule(
          data.items.every(({ course }: Item) => ticket?.fired.has(course) === false),
          'what was struck is cooked already',
        );
        for (const { itemId } of data.items) ticket?.struck.add(itemId);
        break;
      case 'OrderVoided':
        if (ticket !== undefined) ticket.isVoided = true;
        break;
      case 'OrderReady':
        rule(ticket?.isVoided === false, 'it was voided');
        rule(ticket?.rung.has(data.course) === false, 'it was rung before');
        rule(
          ticket?.fired.get(data.course)?.every(({ itemId }) => this.#prepared.has(itemId)),
          'something of it is missing',
        );
        ticket?.rung.add(data.course);
        break;
      case 'CourseServed':
        rule(ticket?.isVoided === false, 'it was voided');
        rule(ticket?.served.has(data.course) === false, 'it was served before');
        rule(ticket?.rung.has(data.course), 'nobody rang');
        ticket?.served.add(data.course);
        this.#plates.served += data.plates;
        break;
      case 'TableCleared':
        this.#plates.cleared += data.plates;
        rule(this.#plates.cleared <= this.#plates.served, 'there are more plates than were served');
        break;
      case 'DishesWashed':
        this.#plates.washed += data.plates;
        break;
    }
  }

  #hearStation(station: string, what: string, { itemId }: Work): void {
    const { cooking, queue } = this.#lines.get(station) ?? { cooking: new Set(), queue: new Set() };
    this.#lines.set(station, { cooking, queue });
    if (what === 'Queued') {
      queue.add(itemId);
      return;
    }
    if (what === 'Prepared') {
      if (!cooking.has(itemId)) this.problems.push(`${station} has done ${itemId} without beginning`);
      this.#prepared.add(itemId);
    }
    queue.delete(itemId);
    cooking.delete(itemId);
    if (what !== 'Started') return;
    if (this.#started.has(itemId)) this.problems.push(`${station} began with ${itemId} twice`);
    this.#started.add(itemId);
    cooking.add(itemId);
    if (cooking.size > places[station]!) this.problems.push(`${station} is at ${cooking.size} dishes at a time`);
  }

  /** Whoever frees a place gives it to the next at the same moment. */
  #checkPlaces(): void {
    for (const [station, { cooking, queue }] of this.#lines) {
      if (queue.size === 0 || cooking.size >= places[station]!) continue;
      this.problems.push(`${station} has a place for ${[...queue][0]}, and does not begin`);
    }
  }
}

function newTicket(table: string, items: readonly Item[]): Ticket {
  return { table, items, struck: new Set(), fired: new Map(), rung: new Set(), served: new Set(), isVoided: false };
}
