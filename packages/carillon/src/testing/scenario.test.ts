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
const Secret = query('Secret', {
  params: z.object({}),
  from: power,
  authorize: (actor) => actor?.id === 'ada',
  run: () => 1,
});
const house = application('house', {
  modules: [
    module('lamps', {
      publishes: [Lit, Put],
      commands: [Light, Inspect],
      readModels: [power],
      queries: [Power, Secret],
    }),
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
    await given(house)
      .when(Light({ lamp: 'a', watts: 60 }))
      .given(Put({ lamp: 'a' }))
      .then(a60);
    await given(house, a60).thenRows(power, 'lamps', [{ lamp: 'a', watts: 60 }]);
    await given(house)
      .when(Light({ lamp: 'a', watts: 60 }))
      .thenAnswer(Power({}), [{ lamp: 'a', watts: 60 }]);
  });
});

describe('time', () => {
  const Note = command('Note', { data: z.object({}), decide: ({ now }) => Lit({ lamp: now.toISOString(), watts: 1 }) });
  const notes = application('notes', {
    modules: [module('notes', { publishes: [Lit], commands: [Note], readModels: [power] })],
  });
  const noted = (...times: string[]) => times.map((lamp) => ({ lamp, watts: 1 }));

  it('that is set between two commands is not that of the first one', async () => {
    await given(notes)
      .when(Note({}))
      .at('2027-01-01T00:00:00Z')
      .when(Note({}))
      .later({ days: 30 })
      .when(Note({}))
      .thenRows(
        power,
        'lamps',
        noted('2026-01-01T12:00:00.000Z', '2027-01-01T00:00:00.000Z', '2027-01-31T00:00:00.000Z'),
      );
  });

  it('that is set first is that of the given events, whoever asks then; passed time is not', async () => {
    await given(house, a60)
      .as({ id: 'ada' })
      .at('2027-01-01T00:00:00Z')
      .when(Light({ lamp: 'a', watts: 1 }))
      .thenRejected('Lit', { forMs: 0 });
    await given(house, a60)
      .later({ hours: 1 })
      .at('2026-01-01T14:00:00Z')
      .when(Light({ lamp: 'a', watts: 1 }))
      .thenRejected('Lit', { forMs: 7_200_000 });
  });

  it('passes between given events', async () => {
    await given(house, Lit({ lamp: 'b', watts: 1 }))
      .later({ hours: 2 })
      .given(a60)
      .later({ hours: 1 })
      .when(Light({ lamp: 'a', watts: 1 }))
      .thenRejected('Lit', { forMs: 3_600_000 });
  });

  it('that is none is refused', async () => {
    await expect(given(house).at('yesterday').when(Inspect({})).thenNothing()).rejects.toThrow(
      '"yesterday" is no time',
    );
  });
});

describe('a part of what came out', () => {
  const rows = given(house, a60, Lit({ lamp: 'b', watts: 40 }));

  it('is all that is compared', async () => {
    await rows.thenRowsMatching(power, 'lamps', [{ watts: 60 }, { lamp: 'b' }]);
    await rows.thenAnswerMatching(Power({}), [{}, { watts: 40 }]);
  });

  it('is all that is shown', async () => {
    expect(await failureOf(rows.thenAnswerMatching(Power({}), [{ watts: 60 }, { watts: 41 }]))).toBe(
      `Query Power answered otherwise than expected:

- Expected
+ Received

  Array [
    Object {
      "watts": 60,
    },
    Object {
-     "watts": 41,
+     "watts": 40,
    },
  ]`,
    );
  });

  it('does not hide a row too many, one too few, or a property that is not there', async () => {
    expect(await failureOf(rows.thenRowsMatching(power, 'lamps', [{ watts: 60 }]))).toContain('+     "lamp": "b",');
    expect(await failureOf(rows.thenRowsMatching(power, 'lamps', [{}, {}, { lamp: 'c' }]))).toContain(
      '-     "lamp": "c",',
    );
    expect(await failureOf(rows.thenAnswerMatching(Power({}), [{}, { colour: 'red' } as object]))).toContain(
      '-     "colour": "red",',
    );
  });
});

describe('who asks', () => {
  it('may be someone who may not', async () => {
    await given(house).when(Inspect({})).thenForbidden();
    await given(house).as({ id: 'bob' }).when(Inspect({})).thenForbidden();
    await given(house).as({ id: 'bob' }).thenForbidden(Secret({}));
    await given(house)
      .as({ id: 'bob' })
      .when(Light({ lamp: 'a', watts: 1 }))
      .as({ id: 'ada' })
      .thenAnswer(Secret({}), 1);
  });

  it('may be someone who may, and then it says so', async () => {
    expect(await failureOf(given(house).as({ id: 'ada' }).when(Inspect({})).thenForbidden())).toBe(
      'Command Inspect should have been forbidden to ada, but was not.',
    );
    expect(await failureOf(given(house).thenForbidden(Power({})))).toBe(
      'Query Power should have been forbidden to a guest, but was not.',
    );
    await expect(
      given(house)
        .when(Light({ lamp: '', watts: 1 }))
        .thenForbidden(),
    ).rejects.toMatchObject({ code: 'validation-failed' });
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

  it('shows wrong codes and details, and wrong places', async () => {
    const scenario = given(house, a60).when(Light({ lamp: 'a', watts: 40 }));
    expect(await failureOf(scenario.thenRejected('Lit', { forMs: 5 }))).toBe(
      `Command Light was rejected otherwise than expected:

- Expected
+ Received

  Object {
    "code": "Lit",
    "details": Object {
-     "forMs": 5,
+     "forMs": 0,
    },
  }`,
    );
    expect(
      await failureOf(
        given(house)
          .when(Light({ lamp: '', watts: 1 }))
          .thenInvalid(['/watts']),
      ),
    ).toBe(
      `Command Light was refused at other places than expected:

- Expected
+ Received

  Array [
-   "/watts",
+   "/lamp",
  ]`,
    );
  });

  it('shows events that are missing and too many', async () => {
    const scenario = given(house).when(Light({ lamp: 'a', watts: 60 }));
    expect(await failureOf(scenario.thenNothing())).toContain('+     "type": "Lit",');
    expect(await failureOf(scenario.then(a60, Put({ lamp: 'a' })))).toContain('-     "type": "PutOut",');
  });

  it('names the handler that failed', async () => {
    const twice = given(house, a60, a60).thenRows(power, 'lamps', []);
    await expect(twice).rejects.toThrow(/Read model power stopped at position 2 \(Lit\): .* is there already/);
  });

  it('shows rows and answers', async () => {
    expect(await failureOf(given(house, a60).thenRows(power, 'lamps', []))).toMatch(
      /^Table lamps of read model power holds other rows than expected:\n\n- Expected\n\+ Received\n\n[\s\S]*\+ {5}"watts": 60,/,
    );
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
    expect(() => given(house).given(Stray({}))).toThrow(UnknownEventError);
    const none = 'No command was executed: add .when(…).';
    expect(await failureOf(given(house).thenRejected('Lit' as never))).toBe(none);
    expect(await failureOf(given(house).thenNothing())).toBe(none);
    expect(await failureOf(given(house, a60).then(a60))).toBe(none);
    expect(await failureOf(given(house).thenInvalid([]))).toBe(none);
    expect(await failureOf(given(house).thenForbidden())).toBe(none);
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
