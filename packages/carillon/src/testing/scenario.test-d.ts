// What a scenario infers, and what it must not let through. Checked by the compiler alone, with `npm test`.
import { expectTypeOf } from 'vitest';
import { z } from 'zod';
import { application, command, event, integer, module, query, readModel, table, text } from '../index.js';
import { given, type Scenario } from './index.js';

const Lit = event('Lit', { data: z.object({ lamp: z.string() }), tags: (e) => ({ lamp: e.lamp }) });
const Light = command('Light', {
  data: z.object({ lamp: z.string() }),
  rejections: { Lit: 'The lamp is lit', Broken: 'The lamp is broken' },
  decide: ({ data }) => Lit(data),
});
const Rest = command('Rest', { data: z.object({}), decide: () => undefined });
const lamps = table({ columns: { lamp: text(), watts: integer() }, key: 'lamp' });
const power = readModel('power', { tables: { lamps } });
const Power = query('Power', {
  params: z.object({}),
  from: power,
  run: async (db) => ({ total: 0, lamps: await db.selectFrom('lamps').selectAll().execute() }),
});
const house = application('house', {
  modules: [module('lamps', { publishes: [Lit], commands: [Light, Rest], readModels: [power], queries: [Power] })],
});

const lit = given(house).when(Light({ lamp: 'a' }));
expectTypeOf(lit).toEqualTypeOf<Scenario<'Lit' | 'Broken'>>();
expectTypeOf(lit.thenRejected('Broken')).toEqualTypeOf<Promise<void>>();
// The codes are those of the last command, whatever is said in between.
void lit
  .later({ days: 1 })
  .as({ id: 'ada' })
  .given(Lit({ lamp: 'b' }))
  .at('2026-01-01')
  .thenRejected('Lit');
// @ts-expect-error a code that the command does not declare
void lit.thenRejected('Lost');
// @ts-expect-error a code of the command before
void lit.when(Rest({})).thenRejected('Lit');
// @ts-expect-error a command that declares no code
void given(house).when(Rest({})).thenRejected('Lit');
// @ts-expect-error there is no command yet
void given(house).thenRejected('Lit');
// @ts-expect-error a definition is no event
void given(house, Lit);
// @ts-expect-error nor is it a command
void given(house).when(Light);
// @ts-expect-error years differ in length
void lit.later({ years: 1 });

void lit.thenRows(power, 'lamps', [{ lamp: 'a', watts: 60 }]);
void lit.thenRowsMatching(power, 'lamps', [{ lamp: 'a' }, {}]);
// @ts-expect-error no such table
void lit.thenRows(power, 'titles', []);
// @ts-expect-error a column is missing
void lit.thenRows(power, 'lamps', [{ lamp: 'a' }]);
// @ts-expect-error no such column
void lit.thenRowsMatching(power, 'lamps', [{ colour: 'red' }]);
// @ts-expect-error a value of the wrong type
void lit.thenRowsMatching(power, 'lamps', [{ watts: 'many' }]);

void lit.thenAnswer(Power({}), { total: 0, lamps: [{ lamp: 'a', watts: 60 }] });
void lit.thenAnswerMatching(Power({}), { lamps: [{ watts: 60 }] });
// @ts-expect-error a property is missing
void lit.thenAnswer(Power({}), { total: 0 });
// @ts-expect-error no such property
void lit.thenAnswerMatching(Power({}), { sum: 0 });
// @ts-expect-error no such property in a row
void lit.thenAnswerMatching(Power({}), { lamps: [{ colour: 'red' }] });
