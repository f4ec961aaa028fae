import type { Application } from '../definitions/application.js';
import type { CommandDefinition } from '../definitions/command.js';
import type { QueryDefinition } from '../definitions/query.js';
import { type JsonSchema, jsonSchemaOf } from './json-schema.js';
import { type ProblemCode, problemTypes, problemUrn } from './problem.js';

/** The OpenAPI 3.1 document of an application that is served under `basePath`. */
export function openapiDocument(
  application: Application<any, any>,
  options: { readonly basePath: string; readonly authenticates: boolean },
): JsonSchema {
  const components = new Map<string, JsonSchema>(Object.entries(sharedSchemas));
  const paths: Record<string, JsonSchema> = {};
  for (const command of sorted<CommandDefinition>(application.commands)) {
    paths[`/commands/${command.type}`] = commandPath(command, moduleOf(application, 'commands', command), components);
  }
  for (const query of sorted<QueryDefinition>(application.queries)) {
    paths[`/queries/${query.type}`] = queryPath(query, moduleOf(application, 'queries', query), components);
  }
  Object.assign(paths, operationalPaths);

  return {
    openapi: '3.1.0',
    info: {
      title: application.name,
      ...(application.description === undefined ? {} : { description: application.description }),
      version: '1',
    },
    servers: [{ url: options.basePath === '' ? '/' : options.basePath }],
    tags: [
      ...application.modules.map(({ name, description }) =>
        description === undefined ? { name } : { name, description },
      ),
      { name: 'operations', description: 'For whoever runs the application.' },
    ],
    ...(options.authenticates ? { security: [{ authorization: [] }, {}] } : {}),
    paths,
    components: {
      schemas: Object.fromEntries(components),
      ...(options.authenticates ? { securitySchemes: { authorization: { type: 'http', scheme: 'bearer' } } } : {}),
    },
  };
}

function sorted<T extends { readonly type: string }>(definitions: ReadonlyMap<string, T>): T[] {
  return [...definitions.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
}

function moduleOf(application: Application<any, any>, kind: 'commands' | 'queries', definition: unknown): string[] {
  return application.modules
    .filter((module) => (module[kind] as readonly unknown[]).includes(definition))
    .map((m) => m.name);
}

function commandPath(command: CommandDefinition, tags: string[], components: Map<string, JsonSchema>): JsonSchema {
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
        ...problems(['too-many-requests'], ['internal-error'], ['overloaded', 'not-running', 'storage-failed']),
      },
    },
  };
}

function rejection(command: CommandDefinition): JsonSchema {
  const codes = Object.entries<string>(command.rejections);
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

function queryPath(query: QueryDefinition, tags: string[], components: Map<string, JsonSchema>): JsonSchema {
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
        ...problems(['read-model-behind', 'read-model-failed', 'not-running', 'overloaded']),
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

function summary(description: string | undefined): JsonSchema {
  return description === undefined ? {} : { summary: description };
}

function header(name: string, description: string, schema: JsonSchema): JsonSchema {
  return { name, in: 'header', description, required: false, schema };
}

/** The responses for problems; those with one status are told together. */
function problems(...groups: (readonly ProblemCode[])[]): JsonSchema {
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

const position: JsonSchema = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };

const answerHeaders: JsonSchema = {
  'Carillon-Position': { description: 'The position of the log that the answer reflects.', schema: position },
  ETag: { description: 'The same for the same result.', schema: { type: 'string' } },
};

const sharedSchemas: Readonly<Record<string, JsonSchema>> = {
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

const operationalPaths: Readonly<Record<string, JsonSchema>> = {
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
