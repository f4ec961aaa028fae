import { beforeEach, describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../definitions/event.js';
import type { Progress } from '../projecting/projector.js';
import { projectionWarnings, type Warning } from './projection-warning.js';

const event = { type: 'Rang', position: 7 } as RecordedEvent;
const moved = (readModel: string) => ({ readModel, position: 7, tables: [] }) as unknown as Progress;
let said: Warning[];
let warnings: ReturnType<typeof projectionWarnings>;

beforeEach(() => {
  said = [];
  warnings = projectionWarnings(
    () => undefined,
    (warning) => said.push(warning),
  );
});

describe('warnings of read models', () => {
  it('name the event at which a handler failed, and what goes on', () => {
    const error = new Error('no such bell');
    warnings.onStopped({ readModel: 'bells', event, error, isBeside: false });
    warnings.onStopped({ readModel: 'bells', event, error: 'odd', isBeside: true });
    expect(said).toEqual([
      {
        code: 'CARILLON_READ_MODEL_FAILED',
        text:
          'Read model bells stopped at Rang (position 7): no such bell\n' +
          'Queries are answered as of the event before. Mend the handler, restart, and see `carillon read-models`.',
        detail: error.stack,
      },
      {
        code: 'CARILLON_READ_MODEL_FAILED',
        text:
          'The rebuild of read model bells stopped at Rang (position 7): odd\n' +
          'The tables from before go on answering. Mend the handler, and rebuild it again.',
      },
    ]);
  });

  it('say once that one waits, and once that it goes on', () => {
    const refused = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
    for (let n = 0; n < 5; n++) warnings.onError(refused, 'bells');
    warnings.onProgress(moved('ropes'));
    warnings.onProgress(moved('bells'));
    warnings.onProgress(moved('bells'));
    warnings.onError('away', 'bells');
    expect(said.map(({ text }) => text)).toEqual([
      'Read model bells waits, and tries again by itself: ECONNREFUSED',
      'Read model bells goes on again.',
      'Read model bells waits, and tries again by itself: away',
    ]);
    expect(new Set(said.map(({ code }) => code))).toEqual(new Set(['CARILLON_READ_MODEL_WAITS']));
  });
});
