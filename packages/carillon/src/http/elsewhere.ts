import type { Application } from '../definitions/application.js';

/** ` Module inventory has it, which another service hosts.`, when that is so; else an empty text. */
export function elsewhere({ elsewhere }: Application<any, any>, kind: 'commands' | 'queries', name: string): string {
  const home = elsewhere.find((module) => module[kind].some(({ type }) => type === name));
  return home === undefined ? '' : ` Module ${home.name} has it, which another service hosts.`;
}
