// A busy evening: guests who walk out, dishes that run out; and copies of the kitchen with a bug in them.
import { type AnyReaction, application, type CommandDefinition, type CommandRequest } from 'carillon';
import type { Simulation } from 'carillon/testing';
import { FireCourse, TakeOrder, VoidOrder } from './front-of-house/ordering.js';
import { ClearTable, SeatTable } from './front-of-house/seating.js';
import { HouseRules } from './house-rules.fixture.js';
import { kitchenAt } from './kitchen.js';
import { menu } from './menu.js';
import { EightySix, PutBackOn } from './pass/eighty-six.js';

/** Something that is wrong in a copy of the kitchen: parts that take the place of those of the same name. */
export interface Bug {
  readonly commands?: readonly AnyCommand[];
  readonly reactions?: readonly AnyReaction[];
}

const parties = 8;

/** What `simulate` takes to run an evening in the kitchen, or in a copy of it with a bug. */
export function evening({ commands = [], reactions = [] }: Bug = {}) {
  const original = kitchenAt({ minuteMs: 60_000 });
  const copy = application(original.name, {
    modules: original.modules.map((one) => ({
      ...one,
      commands: one.commands.map((command) => commands.find(({ type }) => type === command.type) ?? command),
      reactions: one.reactions.map((reaction) =>
        issuing(reactions.find(({ name }) => name === reaction.name) ?? reaction, commands),
      ),
    })),
  });
  return {
    application: copy,
    workload: (simulation: Simulation) => workload(simulation, commands),
    invariants: {
      'the rules of the house are kept': ({ events }: Simulation) => none(new HouseRules(events()).problems),
    },
    finally: {
      'nobody waits for ever': ({ events }: Simulation) => none(new HouseRules(events()).atRest()),
    },
  };
}

type AnyCommand = CommandDefinition<string, any, any>;

async function workload(simulation: Simulation, commands: readonly AnyCommand[]): Promise<void> {
  const { below, pick, chance, sleep } = simulation;
  const execute = (request: CommandRequest) => simulation.execute(swapped(request, commands));
  /** Just before, while or after something is done that takes whole minutes. */
  const justWhen = (minutes: number) => ({ minutes, milliseconds: below(40) });

  const comesAndGoes = async (table: string, ticketId: string) => {
    await sleep({ seconds: below(180) });
    await execute(SeatTable({ table, guests: 1 + below(4) }));
    const items = Array.from({ length: 1 + below(8) }, () => ({ dish: pick(menu).dish, course: 1 + below(3) }));
    await execute(TakeOrder({ ticketId, table, items }));
    if (chance(0.4)) await execute(FireCourse({ ticketId, course: 1 + below(3) }));
    if (chance(0.4)) {
      await sleep(justWhen(below(20)));
      await execute(VoidOrder({ ticketId, reason: 'the guests have walked out' }));
    }
    await sleep({ hours: 3 });
    await execute(ClearTable({ table }));
  };
  const runsOut = async () => {
    await sleep(justWhen(below(6)));
    const { dish } = pick(menu);
    await execute(EightySix({ dish }));
    await sleep(justWhen(below(10)));
    await execute(PutBackOn({ dish }));
  };
  await Promise.all([
    ...Array.from({ length: parties }, (_, n) => comesAndGoes(String(n + 1), `t${n + 1}`)),
    ...Array.from({ length: 3 }, runsOut),
  ]);
}

/** The same reaction, but that it issues the other commands. Processes name theirs anyway. */
function issuing(reaction: AnyReaction, commands: readonly AnyCommand[]): AnyReaction {
  if (reaction.kind === 'process-manager') return reaction;
  return {
    ...reaction,
    run: (data, context) =>
      reaction.run(data, {
        ...context,
        issue: (request, options) => context.issue(swapped(request, commands), options),
      }),
  };
}

function swapped<Request extends { readonly command: AnyCommand }>(
  request: Request,
  commands: readonly AnyCommand[],
): Request {
  const command = commands.find(({ type }) => type === request.command.type);
  return command === undefined ? request : { ...request, command };
}

function none(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(problems.join('; '));
}
