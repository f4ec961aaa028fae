import type { Application } from '../definitions/application.js';
import type { CommandDefinition } from '../definitions/command.js';
import type { QueryDefinition } from '../definitions/query.js';
import type { JsonSchema } from './json-schema.js';
import { commandPath, operationalPaths, queryPath } from './openapi-operations.js';
import { sharedSchemas } from './openapi-parts.js';

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
