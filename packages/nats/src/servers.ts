import type { ConnectionOptions } from '@nats-io/transport-node';

/** Where to connect, and as whom. */
export interface Servers {
  /** Without users, passwords and tokens: they may be shown. */
  readonly servers: string[];
  readonly credentials: Pick<ConnectionOptions, 'user' | 'pass' | 'token'>;
}

/**
 * Reads the addresses of a cluster. The client of NATS takes no notice of users, passwords and tokens in them: those of the first address
 * that has any are used for the whole cluster.
 */
export function readServers(urls: readonly string[]): Servers {
  const parts = urls.map((url) => /^([a-z]+:\/\/)(?:([^/]*)@)?(.*)$/i.exec(url) ?? ['', '', undefined, url]);
  const info = parts.find(([, , found]) => found !== undefined)?.[2];
  return {
    servers: parts.map(([, scheme, , rest]) => `${scheme}${rest}`),
    credentials: info === undefined ? {} : credentialsIn(info),
  };
}

function credentialsIn(info: string): Servers['credentials'] {
  const colon = info.indexOf(':');
  if (colon < 0) return { token: plain(info) };
  return { user: plain(info.slice(0, colon)), pass: plain(info.slice(colon + 1)) };
}

/** Characters that an address cannot have are written `%40`; what is no such writing is meant as it is. */
function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
