import { EventCodec } from 'carillon/adapters';
import { expect, test } from 'vitest';
import { batchParameters, encodedEvent, rowsAfter } from './event-rows.js';

const codec = new EventCodec({ idSeed: '00c0ffee', hashSeed: 17 });

function sentAndReturned(tags: readonly string[]): readonly string[] {
  const event = codec.encode({ type: 'Noted', version: 2, data: {}, tags, metadata: { by: 'ada' }, id: 'one' });
  const [returned] = rowsAfter(0, batchParameters([event]));
  return codec.decode(encodedEvent(returned!, codec)).tags;
}

test.each([
  ['none', []],
  ['one', ['member:ada']],
  ['commas beside the quotation marks of JSON', ['a,', ',', ',b']],
  ['what JSON escapes', ['"', '\\', '","', 'line\nbreak']],
  ['what separates rows and tags, and what stands for it', ['a\u001fb', 'a\u001eb', '\u0001', '\u0000']],
  ['what is not ASCII', ['straße:ä', '🔔']],
] as const)('tags come back from the database as they were: %s', (_, tags) => {
  expect(sentAndReturned(tags)).toEqual(tags);
});
