import { expect, test } from 'vitest';
import { problemOfRelay } from './relay-status.js';

test('a problem ends its sentences once, whatever ends the message', () => {
  const status = { direction: 'inbox', module: 'desk', position: 0 } as const;
  const problem = (message: string) => problemOfRelay({ ...status, trouble: { forMs: 12_000, message } });
  const begin = 'The inbox for events of module desk has got nothing for 12 s:';
  expect(problem('timeout')).toBe(`${begin} timeout. They come in when that is over.`);
  expect(problem('Is it there?')).toBe(`${begin} Is it there? They come in when that is over.`);
});
