import { createHash } from 'node:crypto';
import { CarillonError } from 'carillon';
import pg from 'pg';

/** The longest name that PostgreSQL keeps whole, with room for what is made of it. */
const maxNameLength = 48;

/**
 * The schema of an application's log, named after it: that of `shop-payment` is `shop_payment`.
 *
 * @throws CarillonError `schema-invalid` when the name cannot be a schema's
 */
export function schemaName(application: string): string {
  const name = application.toLowerCase().replace(/[^a-z0-9_]+/g, '_');
  return checkSchema(/^[a-z_]/.test(name) ? name : `_${name}`);
}

/** @throws CarillonError `schema-invalid` when it cannot be the name of a schema */
export function checkSchema(schema: string): string {
  if (/^[A-Za-z_]\w*$/.test(schema) && schema.length <= maxNameLength && !schema.startsWith('pg_')) return schema;
  throw new CarillonError(
    'schema-invalid',
    `"${schema}" cannot be the name of a schema: use 1 to ${maxNameLength} letters, digits and underscores, beginning with no digit and not with pg_.`,
  );
}

/**
 * The name of a prepared statement for one schema: a connection may be used for several, and the driver allows 63 characters.
 *
 * @param schema quoted or not
 */
export function statementName(name: string, schema: string): string {
  return `${name} ${createHash('sha256').update(schema).digest('base64url').slice(0, 12)}`;
}

/** The schema as SQL names it. */
export function quoted(schema: string): string {
  return pg.escapeIdentifier(schema);
}
