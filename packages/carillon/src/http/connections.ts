import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * The connections of a server, and what each of them is answering. Node's own `closeIdleConnections` leaves those open
 * that have not asked anything yet, as browsers keep in reserve.
 */
export class Connections {
  readonly #answers = new Map<Socket, ServerResponse | undefined>();

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#answers.set(socket, undefined);
      socket.once('close', () => this.#answers.delete(socket));
    });
  }

  /** Says that a request came. */
  answers(socket: Socket, answer: ServerResponse): void {
    this.#answers.set(socket, answer);
  }

  /** Whether something else than an error can still be read as the answer to the last request. */
  isMidAnswer(socket: Socket): boolean {
    const answer = this.#answers.get(socket);
    return answer?.headersSent === true && !answer.writableFinished;
  }

  /** Closes those that have answered everything. */
  closeIdle(): void {
    for (const [socket, answer] of this.#answers) {
      if (answer === undefined || answer.writableFinished || answer.destroyed) socket.destroySoon();
    }
  }

  /** Closes all of them, in the middle of whatever they do. */
  cutOff(): void {
    for (const socket of this.#answers.keys()) socket.destroy();
  }
}
