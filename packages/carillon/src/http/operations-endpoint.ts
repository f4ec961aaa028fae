import type { Context, Hono } from 'hono';
import { ValidationError } from '../definitions/errors.js';
import type { ReactionStatus } from '../runtime/running-application.js';
import { checkOperator } from './authentication.js';
import { readJsonBody } from './json-body.js';
import { knownProblem } from './known-problem.js';
import { Problem, problemResponse } from './problem.js';
import { methodNotAllowed, type Serving } from './serving.js';

/** The most processes that are listed. */
const maxProcesses = 1_000;

/**
 * What operators see and do, below `/console/api`: where reactions stand, what is parked and what becomes of it, and every process
 * with its state, timers and history.
 */
export function mountOperations(app: Hono, serving: Serving): void {
  const { running } = serving;
  const route = (method: 'GET' | 'POST', path: string, answer: (c: Context<any, any>) => Promise<unknown>) => {
    app.all(`/console/api/${path}`, async (c) => {
      const request = c.req.raw;
      try {
        const { authenticate, operator } = serving.options;
        if (request.method !== method) throw methodNotAllowed(request.method, method);
        await checkOperator(authenticate, operator, request.headers, serving.logger);
        return jsonResponse(await answer(c));
      } catch (error) {
        return problemResponse(knownProblem(error, serving.logger, { path: c.req.path }));
      }
    });
  };

  route('GET', 'reactions', async () => ({ reactions: (await running.reactions()).map(shown) }));
  route('POST', 'reactions/:name/parked/:position/retry', async (c) => {
    await running.retryParked(param(c, 'name'), positionIn(c), { by: await operatorOf(serving, c) });
    return { retried: true };
  });
  route('POST', 'reactions/:name/parked/:position/skip', async (c) => {
    const reason = reasonIn(await readJsonBody(c.req.raw, serving.options));
    await running.skipParked(param(c, 'name'), positionIn(c), reason, { by: await operatorOf(serving, c) });
    return { skipped: true };
  });
  route('GET', 'processes/:name', async (c) => {
    const limit = Math.min(maxProcesses, Number(c.req.query('limit') ?? 100) || 100);
    return { keys: await running.processes(param(c, 'name'), { limit }) };
  });
  route('GET', 'processes/:name/:key', (c) => running.process(param(c, 'name'), param(c, 'key')));
}

/** What is parked shows the event's key and error, not who may be behind it. */
function shown({ parked, ...status }: ReactionStatus): object {
  return {
    ...status,
    parked: parked.map(({ resumeAfter, ...one }) => ({ ...one, isBeingDone: resumeAfter !== undefined })),
  };
}

function param(c: Context, name: string): string {
  return c.req.param(name) ?? '';
}

function positionIn(c: Context): number {
  const text = c.req.param('position') ?? '';
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new Problem('not-found', 'The position of a parked event is a whole number.');
}

function reasonIn(body: unknown): string {
  const reason = (body as { reason?: unknown } | null)?.reason;
  if (typeof reason === 'string' && reason.trim() !== '') return reason;
  const message = 'must say why the event is given up, as a text';
  throw new ValidationError('The body', [{ path: '/reason', message }]);
}

/** Who does it, for the record. */
async function operatorOf({ options }: Serving, c: Context): Promise<string | undefined> {
  return (await options.authenticate?.(c.req.raw.headers))?.id;
}

function jsonResponse(value: unknown): Response {
  return new Response(JSON.stringify(value), {
    headers: {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    },
  });
}
