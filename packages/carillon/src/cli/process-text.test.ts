import { expect, it } from 'vitest';
import { processText } from './process-text.js';

it('counts the timers that a process has taken back', () => {
  const entry = (timersCancelled: readonly string[]) => ({
    ...{ position: 1, recordedAt: new Date(0), eventType: 'Rang', data: {} },
    decided: { process: 'stay', key: 'ada', trigger: 1, commands: [], timersSet: [], timersCancelled, ended: false },
  });
  const view = { process: 'stay', key: 'ada', state: 1, isEnded: false, timers: [] };
  const text = processText({ ...view, history: [entry(['a']), entry(['a', 'b'])] });
  expect(text.match(/\d timers? taken back/g)).toEqual(['1 timer taken back', '2 timers taken back']);
});
