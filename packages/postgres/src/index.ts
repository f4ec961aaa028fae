/**
 * Carillon's log and read database on PostgreSQL.
 *
 * @packageDocumentation
 */
export {};
