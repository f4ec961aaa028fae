import { afterEach, beforeEach } from 'vitest';
import { library } from '../../test-support/library.js';
import type { RunningApplication } from '../runtime/running-application.js';
import { startInMemory } from '../runtime/start.js';
import type { Logger } from './logger.js';
import { type HttpServer, type ServeOptions, serve } from './server.js';

interface Line {
  readonly level: string;
  readonly fields: Record<string, unknown>;
}

/** The library over HTTP. */
export class LibraryServer {
  /** May be replaced before it is served. */
  running!: RunningApplication;
  /** What was logged. */
  readonly lines: Line[] = [];
  #server: HttpServer | undefined;

  /** Begins with an empty library. */
  async open(): Promise<void> {
    this.running = await startInMemory(library);
    this.lines.length = 0;
  }

  get url(): string {
    return this.#server!.url;
  }

  async start(options: Partial<ServeOptions> = {}): Promise<void> {
    const note = (level: string) => (fields: object) => void this.lines.push({ level, fields: { ...fields } });
    const logger: Logger = { info: note('info'), warn: note('warn'), error: note('error') };
    this.#server = await serve({ port: 0, logger, applications: [{ running: this.running }], ...options });
  }

  send(name: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.url}/library/commands/${name}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  ask(search: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.url}/library/queries/${search}`, { headers });
  }

  async close(): Promise<void> {
    await this.#server?.close();
    await this.running.close();
  }
}

/** An empty library for each test of a file. */
export function useLibraryServer(): LibraryServer {
  const served = new LibraryServer();
  beforeEach(() => served.open());
  afterEach(() => served.close());
  return served;
}

export async function json(response: Response): Promise<any> {
  return response.json();
}
