import { quoted } from '../connection/schema-name.js';

/** The channel on which processes tell each other that the log of a schema has grown, as SQL names it. */
export function channelOf(schema: string): string {
  return quoted(`carillon_${schema}`);
}
