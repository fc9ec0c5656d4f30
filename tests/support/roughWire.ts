/**
 * A TCP proxy that treats the bytes badly and leaves them as they are: it hands them on in crumbs, late, and cuts the line
 * wherever it likes, in the middle of a frame too. What it does follows from a seed and from the bytes that pass.
 */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Reachable } from './wire.ts';

export interface Weather {
  readonly seed: number;
  /** Of hundred pieces so many are a single byte; the others are up to `pieceMax` long. */
  readonly crumbs: number;
  readonly pieceMax: number;
  readonly delayMaxMs: number;
  /** A line is cut after at most so many bytes of one direction. */
  readonly cutAfterMax: number;
}

export class RoughWire implements Reachable {
  readonly url: string;
  readonly wsUrl: string;
  cuts = 0;
  /** Pieces that were one byte long. */
  crumbs = 0;
  readonly #server: Server;
  readonly #weather: Weather;
  readonly #random: () => number;
  readonly #sockets = new Set<Socket>();
  #calm = false;

  private constructor(server: Server, weather: Weather) {
    this.#server = server;
    this.#weather = weather;
    this.#random = generator(weather.seed);
    const { port } = server.address() as AddressInfo;
    this.url = `http://127.0.0.1:${port}`;
    this.wsUrl = `ws://127.0.0.1:${port}/sync`;
  }

  static async to(port: number, weather: Weather): Promise<RoughWire> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const wire = new RoughWire(server, weather);
    server.on('connection', (near) => wire.#join(near, connect(port, '127.0.0.1')));
    return wire;
  }

  /** From now on everything passes as it comes. */
  calm(): void {
    this.#calm = true;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(near: Socket, far: Socket): void {
    const cut = (): void => {
      near.destroy();
      far.destroy();
    };
    for (const [from, to] of [[near, far], [far, near]] as const) {
      this.#sockets.add(from);
      from.setNoDelay(true);
      from.on('close', () => {
        this.#sockets.delete(from);
        cut();
      });
      // A line that breaks is what this is about; whoever used it hears of it by its close.
      from.on('error', cut);
      void this.#carry(from, to, cut);
    }
  }

  /** One direction of one line. Ends with the line. */
  async #carry(from: Socket, to: Socket, cut: () => void): Promise<void> {
    let left = Math.ceil(this.#random() * this.#weather.cutAfterMax);
    try {
      for await (const chunk of from as AsyncIterable<Buffer>)
        for (let at = 0; at < chunk.length; ) {
          const size = this.#calm ? chunk.length - at : Math.min(chunk.length - at, this.#pieceSize());
          to.write(chunk.subarray(at, at + size));
          at += size;
          if (this.#calm) continue;
          left -= size;
          if (left <= 0) {
            this.cuts += 1;
            return cut();
          }
          // A turn of the loop between two pieces: they leave one by one.
          if (this.#random() < 0.02) await setTimeout(this.#random() * this.#weather.delayMaxMs);
          else await setImmediate();
        }
    } catch (error) {
      // Reading a socket that was destroyed ends like this; anything else is a fault of the proxy.
      if (!from.destroyed) throw error;
    }
  }

  #pieceSize(): number {
    if (this.#random() * 100 >= this.#weather.crumbs) return Math.ceil(this.#random() * this.#weather.pieceMax);
    this.crumbs += 1;
    return 1;
  }
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
