import type { ConnectionOptions } from '@nats-io/transport-node';

/** Where to connect, and as whom. */
export interface Servers {
  /** Without users, passwords and tokens: they may be shown. */
  readonly servers: string[];
  readonly credentials: Pick<ConnectionOptions, 'user' | 'pass' | 'token'>;
}

/** Between two addresses in one text. A comma may also be in a password: then neither a scheme nor the last address follows. */
const betweenAddresses = /,(?=\s*[a-z][a-z\d+.-]*:\/\/|[^@]*$)/i;

/**
 * Reads the addresses of a cluster. The client of NATS takes no notice of users, passwords and tokens in them: those of the first address
 * that has any are used for the whole cluster.
 */
export function readServers(urls: readonly string[]): Servers {
  const addresses = urls.flatMap((url) => url.split(betweenAddresses)).map(addressIn);
  const info = addresses.find((address) => address.info !== undefined)?.info;
  return {
    servers: addresses.map(({ server }) => server),
    credentials: info === undefined ? {} : credentialsIn(info),
  };
}

/** However an address is written, nothing that stands before an `@` is part of the server's name. */
function addressIn(text: string): { readonly server: string; readonly info: string | undefined } {
  const url = text.trim();
  const scheme = /^[a-z][a-z\d+.-]*:\/\//i.exec(url)?.[0] ?? '';
  const rest = url.slice(scheme.length);
  const at = rest.lastIndexOf('@');
  return { server: `${scheme}${rest.slice(at + 1)}`, info: at < 0 ? undefined : rest.slice(0, at) };
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
