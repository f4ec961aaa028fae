import assert from 'node:assert/strict';
import type { NewEvent, RecordedEvent } from '../definitions/event.js';
import type { AppendCondition, Appended, Log, ReadOptions } from '../log/log.js';
import { AppendConditionError } from '../log/log-errors.js';
import { allEvents, type LogQuery, type LogQueryItem, matches } from '../log/log-query.js';
import { RandomSource } from '../random/random-source.js';
import { conflicts } from './expectations.js';
import type { CaseContext, CaseList } from './log-case.js';
import { happened, oneTo, positionsOf } from './sample-events.js';

const types = ['A', 'B', 'C', 'D'];
const tags = oneTo(12).map((n) => `tag:${n}`);

/** The simplest log there can be: what every answer is compared with. */
class LogModel {
  readonly events: NewEvent[] = [];

  find(query: LogQuery, { after, limit = Number.POSITIVE_INFINITY, backwards = false }: ReadOptions): number[] {
    const found = oneTo(this.events.length).filter((position) => matches(query, this.events[position - 1] as NewEvent));
    const ordered = backwards ? found.toReversed() : found;
    const beyond = (position: number) => after === undefined || (backwards ? position < after : position > after);
    return ordered.filter(beyond).slice(0, limit);
  }

  conflict({ failIfEventsMatch, after = 0 }: AppendCondition): number | undefined {
    return this.find(failIfEventsMatch, { after, limit: 1 })[0];
  }
}

function randomEvents(random: RandomSource, most: number): NewEvent[] {
  return oneTo(1 + random.below(most)).map(() =>
    happened(random.pick(types), random.some(tags, 0, 3), { n: random.below(1_000_000) }),
  );
}

function randomItem(random: RandomSource): LogQueryItem {
  const kind = random.below(3);
  if (kind === 0) return { types: random.some(types, 1, 2) };
  const item = { tags: random.some(tags, 1, 2) };
  return kind === 1 ? item : { ...item, types: random.some(types, 1, 3) };
}

function randomQuery(random: RandomSource): LogQuery {
  return random.chance(10) ? allEvents : { items: oneTo(1 + random.below(3)).map(() => randomItem(random)) };
}

function randomCondition(random: RandomSource, head: number): AppendCondition | undefined {
  if (random.chance(40)) return undefined;
  const failIfEventsMatch = randomQuery(random);
  return random.chance(20) ? { failIfEventsMatch } : { failIfEventsMatch, after: Math.max(0, head - random.below(12)) };
}

function check(model: LogModel, events: readonly RecordedEvent[], expected: readonly number[], what: string): void {
  assert.deepEqual(positionsOf(events), expected, what);
  for (const { position, type, tags: own, data } of events) {
    const original = model.events[position - 1] as NewEvent;
    assert.deepEqual({ type, tags: own, data }, { type: original.type, tags: original.tags, data: original.data });
  }
}

async function compareReads(log: Log, model: LogModel, random: RandomSource): Promise<void> {
  const query = randomQuery(random);
  const options: ReadOptions = {
    ...(random.chance(50) ? { after: random.below(model.events.length + 3) } : {}),
    ...(random.chance(50) ? { limit: 1 + random.below(20) } : {}),
    backwards: random.chance(40),
  };
  const what = `read ${JSON.stringify({ query, options })}`;
  check(model, await log.read(query, options), model.find(query, options), what);
}

async function compareLoad(log: Log, model: LogModel, random: RandomSource): Promise<void> {
  const reads = oneTo(1 + random.below(3)).map(() => ({
    query: randomQuery(random),
    after: random.below(model.events.length + 2),
  }));
  const { events, position, durable } = await log.load(reads);
  await durable;
  assert.equal(position, model.events.length);
  for (const [n, read] of reads.entries()) {
    check(model, events[n] ?? [], model.find(read.query, read), `load ${JSON.stringify(read)}`);
  }
}

async function appendOne(log: Log, model: LogModel, random: RandomSource): Promise<void> {
  const events = randomEvents(random, 8);
  const head = model.events.length;
  const condition = randomCondition(random, head);
  const conflict = condition && model.conflict(condition);
  if (conflict !== undefined) return conflicts(() => log.append(events, condition), conflict);
  assert.deepEqual(await log.append(events, condition), { first: head + 1, last: head + events.length });
  model.events.push(...events);
}

/** Many at once: in which order they come is the log's affair, but the outcomes must fit that order. */
async function appendMany(log: Log, model: LogModel, random: RandomSource): Promise<void> {
  const before = model.events.length;
  const attempts = oneTo(2 + random.below(20)).map(() => {
    const condition = randomCondition(random, before);
    return { events: randomEvents(random, 3), condition };
  });
  const outcomes = await Promise.allSettled(attempts.map(({ events, condition }) => log.append(events, condition)));
  const won = outcomes.flatMap((outcome, n) => (outcome.status === 'fulfilled' ? [{ n, ...outcome.value }] : []));
  for (const { n, first, last } of won.toSorted((a: Appended, b: Appended) => a.first - b.first)) {
    const attempt = attempts[n] as (typeof attempts)[number];
    assert.deepEqual([first, last], [model.events.length + 1, model.events.length + attempt.events.length]);
    const conflict = attempt.condition && model.conflict(attempt.condition);
    assert.equal(conflict, undefined, `append ${n} succeeded although position ${conflict} conflicts`);
    model.events.push(...attempt.events);
  }
  for (const [n, outcome] of outcomes.entries()) {
    if (outcome.status === 'fulfilled') continue;
    assert.ok(outcome.reason instanceof AppendConditionError, String(outcome.reason));
    const { condition } = attempts[n] as (typeof attempts)[number];
    const conflict = condition && model.conflict(condition);
    assert.equal(
      outcome.reason.conflictingPosition,
      conflict,
      `append ${n} failed for another reason than its condition`,
    );
  }
}

/** Runs random operations; a failure names the seed and the step. */
function randomly(
  step: (context: CaseContext, log: Log, model: LogModel, random: RandomSource) => Promise<Log>,
): CaseList[number][1] {
  return async (context) => {
    const random = new RandomSource(context.seed);
    const model = new LogModel();
    let log = context.log;
    for (const n of oneTo(context.randomSteps)) {
      try {
        log = await step(context, log, model, random);
      } catch (error) {
        const message = `seed ${context.seed}, step ${n}: ${(error as Error).message}`;
        throw new assert.AssertionError({ message });
      }
    }
    check(model, await log.read(allEvents), model.find(allEvents, { limit: 10_000 }), 'everything at the end');
  };
}

export const modelCases: CaseList = [
  [
    'one after the other, every answer is that of the simplest log there can be',
    randomly(async (_, log, model, random) => {
      await random.pick([appendOne, compareReads, compareReads, compareLoad])(log, model, random);
      return log;
    }),
  ],
  [
    'many at once, and opened again now and then, the outcomes fit one order',
    randomly(async ({ features, reopen }, log, model, random) => {
      await random.pick([appendMany, compareReads, compareLoad])(log, model, random);
      return features.reopen === true && random.chance(3) ? reopen() : log;
    }),
  ],
];
