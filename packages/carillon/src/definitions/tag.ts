import { DefinitionError, ValidationError } from './errors.js';

/** What a tag can be about: an id. Numbers are written in decimal. */
export type TagValue = string | number;

/**
 * What an event is about, by tag name. An array tags the event several times; `undefined` and `null` leave the tag out.
 */
export type TagValues = { readonly [name: string]: TagValue | readonly TagValue[] | null | undefined };

/** Tag names: letters, digits, `_`, `-` and `.`, beginning with a letter. Values may hold anything. */
const tagName = /^[A-Za-z][\w.-]*$/;

/** Tag names that begin with this are Carillon's own. */
const reservedPrefix = 'carillon.';

/** The longest tag in UTF-16 code units, name and colon included. */
export const maxTagLength = 512;

/** The most tags on one event, without those that are Carillon's own. */
export const maxTagsPerEvent = 64;

/** Whether a tag is one of those that Carillon adds. */
export function isOwnTag(tag: string): boolean {
  return tag.startsWith(reservedPrefix);
}

/** Writes a tag: `copy`, `17` becomes `copy:17`. */
export function tag(name: string, value: TagValue): string {
  return `${name}:${value}`;
}

/**
 * Writes an object of tags as a list without duplicates, in the order of the object's properties.
 *
 * @throws TagLimitError when there are too many, or one is too long; DefinitionError when a value is neither text nor number
 */
export function tagList(values: TagValues): string[] {
  const tags: string[] = [];
  for (const name in values) {
    const value = values[name];
    if (value === undefined || value === null) continue;
    if (Array.isArray(value)) for (const one of value) add(tags, name, one);
    else add(tags, name, value as TagValue);
  }
  if (tags.length > maxTagsPerEvent)
    throw new TagLimitError(`${tags.length} tags; at most ${maxTagsPerEvent} are possible`);
  return tags;
}

function add(tags: string[], name: string, value: TagValue): void {
  checkTagValue(name, value);
  const written = tag(name, value);
  if (written.length > maxTagLength) {
    throw new TagLimitError(
      `the value of tag "${name}" has ${String(value).length} characters; name and value together may have ${maxTagLength - 1}`,
    );
  }
  if (!tags.includes(written)) tags.push(written);
}

/** @throws DefinitionError when `value` is no id, which only the compiler would have noticed otherwise */
export function checkTagValue(name: string, value: TagValue): void {
  if (typeof value === 'string' || Number.isFinite(value)) return;
  throw new DefinitionError(`The tag "${name}" is given ${describe(value)}; a tag's value is a text or a number.`);
}

function describe(value: unknown): string {
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/** An event's tags are too many or too long: an id in its data is not what it should be. */
export class TagLimitError extends ValidationError {
  constructor(problem: string) {
    super('An event', [{ path: '', message: problem }]);
  }
}

/** @throws DefinitionError when `name` cannot be the name of a tag */
export function checkTagName(name: string): void {
  if (name.startsWith(reservedPrefix)) {
    throw new DefinitionError(
      `The tag name "${name}" is reserved: names that begin with "${reservedPrefix}" are Carillon's.`,
    );
  }
  if (tagName.test(name)) return;
  throw new DefinitionError(
    `"${name}" cannot be the name of a tag. Use letters, digits, "_", "-" and ".", beginning with a letter.`,
  );
}
