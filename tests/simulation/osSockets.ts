/** What stands in for the `ws` package: upgrades arrive on sockets of the simulated wire. */
import type { IncomingMessage } from 'node:http';
import { ClientSocket, ServerEnd } from './socket.ts';

interface Options {
  readonly handleProtocols: (offered: Set<string>) => string | false;
}

export class WebSocketServer {
  readonly #options: Options;
  constructor(options: Options) {
    this.#options = options;
  }
  handleUpgrade(request: IncomingMessage, socket: unknown, _head: Buffer, accept: (socket: ServerEnd) => void): void {
    const end = socket as ServerEnd;
    const offered = String(request.headers['sec-websocket-protocol']).split(', ');
    end.protocol = this.#options.handleProtocols(new Set(offered)) || '';
    accept(end);
  }
}

export { ClientSocket as WebSocket };
