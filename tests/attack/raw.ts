/** A WebSocket by hand, byte for byte: frames that no honest client can be made to send. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect } from 'vitest';
import type { ServerProcess } from '../support/serverProcess.ts';
import { eventually } from '../support/wire.ts';

export interface FrameOptions {
  readonly fin?: boolean;
  /** RSV1 to RSV3, as they stand in the first byte. */
  readonly reserved?: number;
  readonly masked?: boolean;
}

/** Masked with zeros, which leaves the payload as it is. */
export function frame(opcode: number, payload: Uint8Array = new Uint8Array(), { fin = true, reserved = 0, masked = true }: FrameOptions = {}): Buffer {
  const length = payload.byteLength;
  const mask = masked ? 0x80 : 0;
  const head = [(fin ? 0x80 : 0) | reserved | opcode];
  if (length < 126) head.push(mask | length);
  else if (length < 65_536) head.push(mask | 126, length >> 8, length & 0xff);
  else head.push(mask | 127, 0, 0, 0, 0, length >>> 24, (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff);
  return Buffer.concat([Uint8Array.from(head), masked ? new Uint8Array(4) : new Uint8Array(), payload]);
}

export class RawSocket {
  readonly socket: Socket;
  closed = false;
  #heard = Buffer.alloc(0);

  constructor(server: ServerProcess) {
    this.socket = connect(server.port, '127.0.0.1');
    this.socket.on('data', (chunk: Buffer) => (this.#heard = Buffer.concat([this.#heard, chunk])));
    // A reset is one of the ways in which the server may end this; that it ended is what tests ask.
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => (this.closed = true));
  }

  async connected(): Promise<this> {
    if (this.socket.connecting) await once(this.socket, 'connect');
    return this;
  }
  /** @param lines further header lines */
  async upgrade(path: string, ...lines: readonly string[]): Promise<this> {
    await this.connected();
    this.socket.write([`GET ${path} HTTP/1.1`, 'Host: 127.0.0.1', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', ...lines, '', ''].join('\r\n'));
    await eventually(() => expect(this.head !== '' || this.closed).toBe(true));
    return this;
  }
  /** What the server answered before any frame. */
  get head(): string {
    const end = this.#heard.indexOf('\r\n\r\n');
    return end < 0 ? '' : this.#heard.subarray(0, end).toString();
  }
  /** Of the server's close frame; undefined when it sent none. */
  get closeCode(): number | undefined {
    let at = this.#heard.indexOf('\r\n\r\n') + 4;
    while (at + 2 <= this.#heard.length) {
      const short = (this.#heard[at + 1] ?? 0) & 0x7f;
      const start = at + (short === 127 ? 10 : short === 126 ? 4 : 2);
      const length = short === 127 ? Number(this.#heard.readBigUInt64BE(at + 2)) : short === 126 ? this.#heard.readUInt16BE(at + 2) : short;
      if (((this.#heard[at] ?? 0) & 0x0f) === 8 && start + 2 <= this.#heard.length) return this.#heard.readUInt16BE(start);
      at = start + length;
    }
    return undefined;
  }
  /** Waits for the server's close frame, and not for the end that follows unless it is answered. */
  async told(): Promise<number | undefined> {
    await eventually(() => expect(this.closed || this.closeCode !== undefined).toBe(true));
    return this.closeCode;
  }
  async ended(): Promise<number | undefined> {
    await eventually(() => expect(this.closed).toBe(true));
    return this.closeCode;
  }
  end(): void {
    this.socket.destroy();
  }
}
