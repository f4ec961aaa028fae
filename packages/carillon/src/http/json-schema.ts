import type { StandardJSONSchemaV1 } from '@standard-schema/spec';
import type { Schema } from '../definitions/schema.js';

/** A JSON Schema (2020-12), as OpenAPI 3.1 takes it. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/**
 * The JSON Schema of what goes into a schema, or comes out of it, with everything it refers to put into `components`
 * under names that begin with `name`, and every reference leading there.
 *
 * Schema libraries that offer Standard JSON Schema (https://standardschema.dev/json-schema) describe themselves: zod and
 * arktype do, valibot does through `toStandardJsonSchema`. Any other schema is described as taking anything.
 */
export function jsonSchemaOf(
  schema: Schema,
  direction: 'input' | 'output',
  name: string,
  components: Map<string, JsonSchema>,
): JsonSchema {
  const described = describe(schema, direction);
  if (described === undefined) {
    return {
      description: `Its ${schema['~standard'].vendor} schema has no JSON Schema: what it takes is checked, but not told here.`,
    };
  }
  const { $schema: _, $defs, ...root } = described;
  let refersToItself = false;
  const locate = (reference: string): string => {
    if (reference === '#') {
      refersToItself = true;
      return `#/components/schemas/${name}`;
    }
    const inDefinitions = /^#\/(?:\$defs|definitions)\/(.+)$/.exec(reference)?.[1];
    return inDefinitions === undefined ? reference : `#/components/schemas/${componentName(name, inDefinitions)}`;
  };
  for (const [key, definition] of Object.entries(($defs ?? {}) as Record<string, JsonSchema>)) {
    components.set(componentName(name, key), relocate(definition, locate) as JsonSchema);
  }
  const relocated = relocate(root, locate) as JsonSchema;
  if (refersToItself) components.set(name, relocated);
  return relocated;
}

function describe(schema: Schema, direction: 'input' | 'output'): JsonSchema | undefined {
  const { jsonSchema } = schema['~standard'] as Partial<StandardJSONSchemaV1.Props>;
  if (jsonSchema === undefined) return undefined;
  try {
    return jsonSchema[direction]({ target: 'draft-2020-12' });
  } catch {
    // Something in it has no JSON Schema: a date, a transformation.
    return undefined;
  }
}

function componentName(name: string, definition: string): string {
  return `${name}.${definition.replaceAll(/[^\w.-]/g, '_')}`;
}

function relocate(value: unknown, locate: (reference: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => relocate(item, locate));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([keyword, item]) => [
      keyword,
      keyword === '$ref' && typeof item === 'string' ? locate(item) : relocate(item, locate),
    ]),
  );
}
