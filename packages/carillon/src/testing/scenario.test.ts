import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  application,
  command,
  event,
  integer,
  module,
  query,
  readModel,
  state,
  table,
  text,
  UnknownEventError,
} from '../index.js';
import { given, ScenarioError, testApplication, testClock } from './index.js';

const Lit = event('Lit', { data: z.object({ lamp: z.string(), watts: z.int() }), tags: (e) => ({ lamp: e.lamp }) });
const Put = event('PutOut', { data: z.object({ lamp: z.string() }), tags: (e) => ({ lamp: e.lamp }) });
const Stray = event('Stray', { data: z.object({}) });
const lamp = state('lamp', { initial: { litAtMs: 0, log: [] as string[] } })
  .on(Lit, (_, __, event) => ({ litAtMs: event.recordedAt.getTime(), log: [] }))
  .on(Put, (lamp) => {
    lamp.log.push('changed in place');
    return lamp;
  });
const Light = command('Light', {
  data: z.object({ lamp: z.string().min(1), watts: z.int() }),
  reads: (c) => ({ lamp: lamp(c.lamp) }),
  rejections: { Lit: 'The lamp is lit' },
  decide: ({ data, lamp, now, reject }) =>
    lamp.litAtMs > 0 ? reject('Lit', { forMs: now.getTime() - lamp.litAtMs }) : Lit(data),
});
const Inspect = command('Inspect', {
  data: z.object({}),
  authorize: (actor) => actor?.id === 'ada',
  decide: () => undefined,
});
const lamps = table({ columns: { lamp: text(), watts: integer() }, key: 'lamp' });
const power = readModel('power', { tables: { lamps } }).on(Lit, (e, db) => db.lamps.insert(e));
const Power = query('Power', {
  params: z.object({}),
  from: power,
  run: (db) => db.selectFrom('lamps').selectAll().orderBy('lamp'),
});
const house = application('house', {
  modules: [
    module('lamps', { publishes: [Lit, Put], commands: [Light, Inspect], readModels: [power], queries: [Power] }),
  ],
});
const a60 = Lit({ lamp: 'a', watts: 60 });

async function failureOf(scenario: Promise<void>): Promise<string> {
  const error: unknown = await scenario.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ScenarioError);
  return (error as Error).message;
}

describe('a scenario that comes out as expected', () => {
  it('passes', async () => {
    await given(house)
      .when(Light({ lamp: 'a', watts: 60 }))
      .then(a60);
    await given(house, a60)
      .when(Light({ lamp: 'a', watts: 40 }))
      .thenRejected('Lit');
    await given(house, a60)
      .at('2026-05-01T00:00:00Z')
      .later({ minutes: 2 })
      .when(Light({ lamp: 'a', watts: 1 }))
      .thenRejected('Lit', { forMs: 120_000 });
    await given(house).as({ id: 'ada' }).when(Inspect({})).thenNothing();
    await given(house)
      .when(Light({ lamp: '', watts: 1.5 }))
      .thenInvalid(['/lamp', '/watts']);
    await given(house)
      .when(Light({ lamp: 'a', watts: 1 }))
      .when(Light({ lamp: 'b', watts: 2 }))
      .then(Lit({ lamp: 'b', watts: 2 }));
    await given(house, a60).thenRows(power, 'lamps', [{ lamp: 'a', watts: 60 }]);
    await given(house)
      .when(Light({ lamp: 'a', watts: 60 }))
      .thenAnswer(Power({}), [{ lamp: 'a', watts: 60 }]);
  });
});

describe('a scenario that comes out otherwise', () => {
  it('shows both sides line by line', async () => {
    expect(
      await failureOf(
        given(house)
          .when(Light({ lamp: 'a', watts: 40 }))
          .then(a60),
      ),
    ).toBe(
      `Command Light appended other events than expected:

- Expected
+ Received

  Array [
    Object {
      "data": Object {
        "lamp": "a",
-       "watts": 60,
+       "watts": 40,
      },
      "type": "Lit",
    },
  ]`,
    );
  });

  it('says what a command did instead of being rejected, and why it was rejected instead of being accepted', async () => {
    expect(
      await failureOf(
        given(house)
          .when(Light({ lamp: 'a', watts: 40 }))
          .thenRejected('Lit'),
      ),
    ).toBe(
      'Command Light should have been rejected with Lit, but was accepted and appended\n  Lit {"lamp":"a","watts":40}',
    );
    expect(
      await failureOf(
        given(house, a60)
          .when(Light({ lamp: 'a', watts: 40 }))
          .then(a60),
      ),
    ).toBe('Command Light was rejected with Lit {"forMs":0}: The lamp is lit');
    expect(
      await failureOf(
        given(house, a60)
          .when(Light({ lamp: 'a', watts: 40 }))
          .when(Light({ lamp: 'b', watts: 1 }))
          .thenNothing(),
      ),
    ).toBe('Command Light was rejected with Lit {"forMs":0}: The lamp is lit');
    expect(
      await failureOf(
        given(house)
          .when(Light({ lamp: 'a', watts: 4 }))
          .thenInvalid(['/watts']),
      ),
    ).toBe('Command Light should have been refused by its schema, but was not.');
  });

  it('shows rows and answers', async () => {
    expect(await failureOf(given(house, a60).thenRows(power, 'lamps', []))).toContain('+     "watts": 60,');
    expect(await failureOf(given(house).thenAnswer(Power({}), [{ lamp: 'a', watts: 60 }]))).toContain(
      '-     "watts": 60,',
    );
  });

  it('lets through what is nobody’s expectation', async () => {
    await expect(given(house).when(Inspect({})).thenNothing()).rejects.toMatchObject({ code: 'forbidden' });
    await expect(
      given(house)
        .when(Light({ lamp: '', watts: 1 }))
        .thenNothing(),
    ).rejects.toMatchObject({ code: 'validation-failed' });
  });
});

describe('a scenario that is none', () => {
  it('notices that nothing is expected when it is awaited as it is', async () => {
    const unfinished = given(house).when(Light({ lamp: 'a', watts: 1 })) as unknown as Promise<void>;
    expect(await failureOf(Promise.resolve(unfinished))).toMatch(/^The scenario expects nothing: end it with/);
  });

  it('refuses events that the application does not know, and expectations about no command', async () => {
    expect(() => given(house, Stray({}))).toThrow(UnknownEventError);
    expect(await failureOf(given(house).thenRejected('Lit' as never))).toBe('No command was executed: add .when(…).');
  });

  it('fails when a fold changes its state in place', async () => {
    const put = given(house, a60, Put({ lamp: 'a' }))
      .when(Light({ lamp: 'a', watts: 1 }))
      .thenRejected('Lit');
    await expect(put).rejects.toThrow(/object is not extensible/);
  });
});

it('a test clock stands still until it is moved', () => {
  const clock = testClock('2026-03-01T10:00:00Z');
  clock.later({ days: 1, hours: 2, minutes: 3, seconds: 4 });
  expect([clock(), clock()]).toEqual([new Date('2026-03-02T12:03:04Z'), new Date('2026-03-02T12:03:04Z')]);
  clock.set('2027-01-01');
  expect(clock()).toEqual(new Date('2027-01-01T00:00:00Z'));
  expect(() => testClock('yesterday')).toThrow('"yesterday" is no time');
});

it('a test application is whole, and in memory', async () => {
  const running = await testApplication(house);
  const receipt = await running.execute(Light({ lamp: 'a', watts: 60 }));
  if (receipt.rejected) throw new Error(receipt.code);
  expect((await running.query(Power({}), { after: receipt })).result).toEqual([{ lamp: 'a', watts: 60 }]);
  await running.close();
});
