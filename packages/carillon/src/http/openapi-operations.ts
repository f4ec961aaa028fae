import type { CommandDefinition } from '../definitions/command.js';
import type { QueryDefinition } from '../definitions/query.js';
import { type JsonSchema, jsonSchemaOf } from './json-schema.js';
import { answerHeaders, header, position, problems, summary } from './openapi-parts.js';
import type { ProblemCode } from './problem.js';

/** What can be done with a command. */
export function commandPath(
  command: CommandDefinition,
  tags: string[],
  components: Map<string, JsonSchema>,
): JsonSchema {
  const schema = jsonSchemaOf(command.schema, 'input', `${command.type}.data`, components);
  const codes = Object.keys(command.rejections);
  return {
    post: {
      operationId: `command.${command.type}`,
      tags,
      ...summary(command.description),
      parameters: [
        header(
          'Idempotency-Key',
          'Sent again with the same key, the command has no second effect and gets the same receipt.',
          {
            type: 'string',
            minLength: 1,
            maxLength: 200,
          },
        ),
        header('traceparent', 'W3C trace context, recorded with the events.', { type: 'string' }),
      ],
      requestBody: { required: true, content: { 'application/json': { schema } } },
      responses: {
        200: {
          description: 'Accepted: everything up to `position` that the command changed is durable.',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Receipt' } } },
        },
        ...problems(['malformed-json', 'header-invalid', 'validation-failed'], ['unauthenticated'], ['forbidden']),
        ...problems(['command-conflict', 'command-id-reused'], ['content-too-large'], ['unsupported-media-type']),
        ...(codes.length === 0 ? {} : { 422: rejection(command) }),
        ...problems(
          ['too-many-requests'],
          ['internal-error'],
          ['overloaded', 'not-running', 'storage-failed', 'outcome-unknown'],
        ),
      },
    },
  };
}

function rejection(command: CommandDefinition): JsonSchema {
  const codes = Object.entries(command.rejections as { readonly [code: string]: string });
  const meanings = codes.map(([code, message]) => `- \`${code}\`: ${message}`);
  const properties = {
    code: { enum: codes.map(([code]) => code) },
    details: { type: 'object', description: 'Facts that help the caller.' },
  };
  return {
    description: `Rejected by the domain; nothing has changed.\n\n${meanings.join('\n')}`,
    content: {
      'application/problem+json': {
        schema: {
          allOf: [{ $ref: '#/components/schemas/Problem' }, { type: 'object', properties, required: ['code'] }],
        },
      },
    },
  };
}

/** What can be done with a query. */
export function queryPath(query: QueryDefinition, tags: string[], components: Map<string, JsonSchema>): JsonSchema {
  const params = jsonSchemaOf(query.schema, 'input', `${query.type}.params`, components);
  const result =
    query.resultSchema === undefined
      ? {}
      : jsonSchemaOf(query.resultSchema, 'output', `${query.type}.result`, components);
  return {
    get: {
      operationId: `query.${query.type}`,
      tags,
      ...summary(query.description),
      parameters: [
        ...queryParameters(params),
        header('Carillon-After', 'Wait until the answer reflects at least this position: that of a receipt.', position),
        header('If-None-Match', 'The ETag of an answer that is known: 304 when it is still the answer.', {
          type: 'string',
        }),
        header('Last-Event-ID', 'For event streams: the position of the last answer that was seen.', {
          type: 'string',
        }),
      ],
      responses: {
        200: {
          description: 'The answer; for who accepts `text/event-stream`, the answer and then each new one.',
          headers: answerHeaders,
          content: {
            'application/json': { schema: result },
            'text/event-stream': {
              schema: {
                type: 'string',
                description:
                  '`event: answer` with the result as `data` and its position as `id`; `event: problem` at the end.',
              },
            },
          },
        },
        304: { description: 'The known answer is still the answer.', headers: answerHeaders },
        ...problems(['malformed-query', 'header-invalid', 'validation-failed', 'position-ahead'], ['unauthenticated']),
        ...problems(['forbidden'], ['too-many-requests'], ['internal-error']),
        ...problems(['read-model-behind', 'read-model-building', 'read-model-failed', 'not-running', 'overloaded']),
      },
    },
  };
}

/** One parameter for each property, or one for all of them when the schema does not tell its properties. */
function queryParameters(params: JsonSchema): JsonSchema[] {
  const properties = params['properties'] as Record<string, JsonSchema> | undefined;
  if (properties === undefined) {
    return [{ name: 'params', in: 'query', style: 'form', explode: true, schema: { ...params, type: 'object' } }];
  }
  const required = (params['required'] ?? []) as readonly string[];
  return Object.entries(properties).map(([name, schema]) => {
    const { description, ...rest } = schema;
    return {
      name,
      in: 'query',
      ...(description === undefined ? {} : { description }),
      required: required.includes(name),
      schema: rest,
    };
  });
}

/** What operators use. */
export const operationalPaths: Readonly<Record<string, JsonSchema>> = {
  '/health/live': operation('health.live', 'Whether the process answers.', 'application/json', 'Liveness'),
  '/health/ready': operation('health.ready', 'Whether it can serve now.', 'application/json', 'Readiness', [
    'not-ready',
  ]),
  '/metrics': operation(
    'metrics',
    'Metrics in the text format of Prometheus.',
    'text/plain',
    undefined,
    ['unauthenticated'],
    ['forbidden'],
  ),
  '/openapi.json': operation('openapi', 'This document.', 'application/json', undefined),
};

function operation(
  operationId: string,
  description: string,
  mediaType: string,
  schemaName: string | undefined,
  ...problemGroups: (readonly ProblemCode[])[]
): JsonSchema {
  const schema = schemaName === undefined ? {} : { $ref: `#/components/schemas/${schemaName}` };
  return {
    get: {
      operationId,
      tags: ['operations'],
      summary: description,
      responses: { 200: { description: 'Yes.', content: { [mediaType]: { schema } } }, ...problems(...problemGroups) },
    },
  };
}
