import { CarillonError } from 'carillon';
import { isConnectionError } from './connection-errors.js';

/** How a password is written in a URL, so that it does not end where it should not. */
const howToWrite = 'in user and password, write @ : / ? # % as %40 %3A %2F %3F %23 %25';

/**
 * @throws CarillonError `postgres-url-invalid` when it is no URL that leads to PostgreSQL. It is not repeated: it may hold a password.
 */
export function checkUrl(url: string): string {
  if (/^postgres(ql)?:\/\//.test(url) && URL.canParse(url) && !hasLateUser(url)) return url;
  throw new CarillonError(
    'postgres-url-invalid',
    `The URL of PostgreSQL cannot be read. Write postgresql://user:password@host:5432/database; ${howToWrite}.`,
  );
}

/** Whether an `@` comes after the host, where none belongs: what is taken for the host is then part of a password. */
function hasLateUser(url: string): boolean {
  const { pathname, search, hash } = new URL(url);
  const options = search.slice(1).split('&');
  return `${pathname}${hash}`.includes('@') || options.some((option) => /^[^=]*@/.test(option));
}

/** Where a URL leads to, without anything that may belong to user or password. */
export function placeOf(url: string): string {
  const { host, pathname, search } = new URL(url);
  // The value of an option may have an `@`, and so may what follows a question mark in a password.
  return search.includes('@') ? 'PostgreSQL' : `PostgreSQL at ${host}${pathname}`;
}

/** Why a database cannot be used, and what to do about it: a sentence without its full stop, and without the password. */
export function connectProblem(error: unknown, url: string): string {
  const advice = adviceOn(error, url);
  const { message } = error as Error;
  if (advice !== undefined) return advice;
  return isConnectionError(error) ? `${placeOf(url)} cannot be reached: ${withoutStop(message)}` : withoutStop(message);
}

function adviceOn(error: unknown, url: string): string | undefined {
  const { code, message } = error as { readonly code?: unknown; readonly message: string };
  const place = placeOf(url);
  const { username } = new URL(url);
  const user = username === '' ? '' : ` ${decoded(username)}`;
  const said = withoutStop(message);
  const howToLetIn =
    'write postgresql://user:password@host:5432/database, or set the environment variables PGUSER and PGPASSWORD';
  if (/no PostgreSQL user name/.test(message)) return `the URL of ${place} names no user: ${howToLetIn}`;
  if (/client password must be|no password supplied/.test(message)) {
    return `${place} asks user${user} for a password, and none is given: ${howToLetIn}`;
  }
  switch (code) {
    case '28P01':
      return `${place} does not know user${user} with this password: look at both, and that the URL leads to the right server`;
    case '28000':
      if (/no encryption/.test(message)) {
        return `${place} does not let user${user} in: ${said}. Where it wants connections to be encrypted, write ?sslmode=require behind the URL`;
      }
      return `${place} does not let user${user} in: ${said}. Make the user, or let him in by pg_hba.conf`;
    case '3D000':
      return `the server has no such database: ${said}. Make it with createdb, or name another in the URL`;
    case '42501':
      return `user${user} lacks a right at ${place}: ${said}. ${howToAllow(message)}`;
    case '25006':
      return `${place} does not take what is written: ${said}. Where it is a standby, name the primary in the URL; otherwise its user or database is set to read only`;
    case '53300':
      return `${place} has no connection left: ${said}. Start fewer processes, or raise max_connections, or the limit of the user or the database`;
    case '57P03':
      return `${place} is starting, stopping or no more than a standby: ${said}. Try again in a moment, or name the primary in the URL`;
    case 'ECONNREFUSED':
      return `nothing answers where ${place} should be: is the server running, and are host and port right`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `there is no such host: ${place}. Look at the URL; ${howToWrite}`;
    default:
      return aboutTls(String(code), message, place);
  }
}

/** What somebody who may do so has to say, for what was refused: tables may be made by one user and used by another. */
function howToAllow(message: string): string {
  if (/for database/.test(message)) {
    return 'Allow it: GRANT CREATE ON DATABASE … TO …; or let somebody else run what postgresMigrations gives';
  }
  if (/must be owner/.test(message)) return 'Let the owner of the tables run what postgresMigrations gives';
  return 'Allow it: GRANT USAGE ON SCHEMA … TO …; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA … TO …; and, to who makes tables, GRANT CREATE ON SCHEMA … TO …';
}

function aboutTls(code: string, message: string, place: string): string | undefined {
  if (/does not support SSL/.test(message)) {
    return `${place} does not encrypt connections: take sslmode out of the URL, or switch ssl on there`;
  }
  if (!/SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|CERT_/.test(code)) return undefined;
  return `the certificate of ${place} cannot be trusted: ${withoutStop(message)}. Name its authority in the URL: sslrootcert=file`;
}

/** A message that something follows. */
export function withoutStop(message: string): string {
  return message.replace(/\.$/, '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
