/** A TCP relay that counts: what a tablet sends and gets is read off the wire, headers, masks and handshakes included. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { createGzip } from 'node:zlib';

export interface Wire {
  readonly port: number;
  /** Bytes since the last reset. `downGzip` is what the same bytes to the tablet would be, compressed as one stream. */
  read(): Promise<{ readonly up: number; readonly down: number; readonly downGzip: number }>;
  reset(): void;
  close(): Promise<void>;
}

export async function openWire(target: number): Promise<Wire> {
  let up = 0;
  let down: Buffer[] = [];
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    // Delayed packets would be the relay's, not the system's.
    near.setNoDelay();
    far.setNoDelay();
    near.on('data', (chunk: Buffer) => (up += chunk.length));
    far.on('data', (chunk: Buffer) => down.push(chunk));
    near.pipe(far);
    far.pipe(near);
    for (const [one, other] of [[near, far], [far, near]] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async read() {
      const gzip = createGzip();
      let downGzip = 0;
      gzip.on('data', (chunk: Buffer) => (downGzip += chunk.length));
      gzip.end(Buffer.concat(down));
      await once(gzip, 'end');
      return { up, down: down.reduce((sum, chunk) => sum + chunk.length, 0), downGzip };
    },
    reset() {
      up = 0;
      down = [];
    },
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
