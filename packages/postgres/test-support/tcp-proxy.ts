import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between clients and a server, and can do what networks do. */
export class TcpProxy {
  readonly #server: Server;
  readonly #target: { readonly host: string; readonly port: number };
  readonly #pairs = new Set<readonly [client: Socket, server: Socket]>();
  readonly #silent = new WeakSet<readonly [client: Socket, server: Socket]>();
  /**
   * Looks at what a client sends before the server gets it: `cut` lets the server have it, and cuts the client's connection at once; `late`
   * does, too, but lets the server have it only when `deliver` is called; `drop` and `end` let the server have nothing, and cut the client's
   * connection, or end it as who has nothing more to say does.
   */
  onClientData: ((data: Buffer) => 'pass' | 'cut' | 'drop' | 'end' | 'late') | undefined;
  readonly #late: (() => void)[] = [];
  #held: { readonly client: Socket; readonly data: Buffer }[] | undefined;

  private constructor(target: { host: string; port: number }) {
    this.#target = target;
    this.#server = createServer((client) => this.#connect(client));
  }

  /** Listens on a port that is free, in front of the server that a URL names. */
  static async before(url: string): Promise<TcpProxy> {
    const { hostname, port } = new URL(url);
    const proxy = new TcpProxy({ host: hostname, port: Number(port) });
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** The same URL, through the proxy. */
  through(url: string): string {
    const own = new URL(url);
    own.host = `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return own.href;
  }

  /** How many connections there are. */
  get connections(): number {
    return this.#pairs.size;
  }

  /** Cuts every connection that there is. New ones are possible. */
  cutAll(): void {
    for (const [client, server] of this.#pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  /** Lets nothing through any more on the connections that there are, and says so to nobody. New ones are possible. */
  silenceAll(): void {
    for (const pair of this.#pairs) this.#silent.add(pair);
  }

  /** Lets the server have what is late. */
  deliver(): void {
    for (const send of this.#late.splice(0)) send();
  }

  /** Keeps what servers say from now on, until `release`. */
  hold(): void {
    this.#held ??= [];
  }

  /** What is kept. */
  get held(): string {
    return Buffer.concat((this.#held ?? []).map(({ data }) => data)).toString('latin1');
  }

  /** Lets clients have what was kept, each in one piece. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const client of new Set(held.map((one) => one.client))) {
      client.write(Buffer.concat(held.filter((one) => one.client === client).map(({ data }) => data)));
    }
  }

  async close(): Promise<void> {
    this.deliver();
    this.#server.close();
    this.cutAll();
    await once(this.#server, 'close');
  }

  #connect(client: Socket): void {
    const server = connect(this.#target);
    const pair = [client, server] as const;
    this.#pairs.add(pair);
    client.on('data', (data) => {
      if (this.#silent.has(pair)) return;
      const decision = this.onClientData?.(data) ?? 'pass';
      if (decision === 'pass') server.write(data);
      else if (decision === 'drop') client.resetAndDestroy();
      else if (decision === 'end') client.end();
      else if (decision === 'late') {
        this.#late.push(() => server.end(data));
        this.#silent.add(pair);
        client.removeAllListeners('close').resetAndDestroy();
      }
      // The server has it, and answers nobody.
      else server.write(data, () => client.resetAndDestroy());
    });
    server.on('data', (data) => {
      if (this.#silent.has(pair)) return;
      if (this.#held === undefined) client.write(data);
      else this.#held.push({ client, data });
    });
    for (const [one, other] of [pair, [server, client]] as const) {
      one.on('error', () => undefined);
      one.on('close', () => {
        if (this.#silent.has(pair) && one === server) return;
        this.#pairs.delete(pair);
        other.end();
      });
    }
  }
}
