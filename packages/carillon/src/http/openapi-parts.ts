import type { JsonSchema } from './json-schema.js';
import { type ProblemCode, problemTypes, problemUrn } from './problem.js';

/** What a definition says about itself. */
export function summary(description: string | undefined): JsonSchema {
  return description === undefined ? {} : { summary: description };
}

/** A header that may be sent. */
export function header(name: string, description: string, schema: JsonSchema): JsonSchema {
  return { name, in: 'header', description, required: false, schema };
}

/** The responses for problems; those with one status are told together. */
export function problems(...groups: (readonly ProblemCode[])[]): JsonSchema {
  return Object.fromEntries(
    groups.map((codes) => [
      problemTypes[codes[0]!].status,
      {
        description: codes.map((code) => `${problemTypes[code].title} (\`${problemUrn(code)}\`)`).join('; '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

/** A position of the log. */
export const position: JsonSchema = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };

/** What every answer to a query carries. */
export const answerHeaders: JsonSchema = {
  'Carillon-Position': { description: 'The position of the log that the answer reflects.', schema: position },
  ETag: { description: 'The same for the same result.', schema: { type: 'string' } },
};

/** What documents of all applications have in common. */
export const sharedSchemas: Readonly<Record<string, JsonSchema>> = {
  Receipt: {
    type: 'object',
    properties: { commandId: { type: 'string' }, position },
    required: ['commandId', 'position'],
    additionalProperties: false,
  },
  Problem: {
    type: 'object',
    description: 'Problem details (RFC 9457).',
    properties: {
      type: { type: 'string', format: 'uri', description: '`urn:carillon:problem:<code>`' },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string' },
      code: { type: 'string' },
      issues: {
        type: 'array',
        description: 'Every field that is wrong.',
        items: {
          type: 'object',
          properties: { path: { type: 'string', format: 'json-pointer' }, message: { type: 'string' } },
          required: ['path', 'message'],
        },
      },
      incident: { type: 'string', description: 'By this the operator finds the cause in the log.' },
    },
    required: ['type', 'title', 'status', 'detail', 'code'],
  },
  Liveness: { type: 'object', properties: { status: { const: 'live' } }, required: ['status'] },
  Readiness: {
    type: 'object',
    properties: { ready: { const: true }, problems: { type: 'array', items: { type: 'string' } } },
    required: ['ready', 'problems'],
  },
};
