/** A server in this process, without demo data and with a clock that the test moves. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from '../../server/createServer.ts';
import { openMemoryStorage } from '../../server/storage/memory.ts';
import type { AdminAct } from '../../src/protocol/identity.ts';
import type { Storage } from '../../server/storage/contract.ts';
import type { Reachable } from './wire.ts';

const operatorToken = 'a'.repeat(64);

export interface OwnServer extends Reachable {
  readonly server: Server;
  readonly storage: Storage;
  readonly clock: { now: number };
  /** What the operator does from the command line. @returns the answer's status */
  operate(community: string, act: AdminAct): Promise<number>;
  end(): Promise<void>;
}

/** @param more communities there are beside the first */
export async function ownServer(now: number, ...more: readonly string[]): Promise<OwnServer> {
  const app = mkdtempSync(join(tmpdir(), 'linhuo-app-'));
  const storage = openMemoryStorage();
  for (const slug of more) await storage.put(`identity/community/${slug}`, JSON.stringify({ slug, name: slug, district: '成都' }));
  const clock = { now };
  const server = await createServer({ config: { host: '127.0.0.1', port: 0, origins: [], app }, storage, operatorToken, log: { info: () => undefined, error: () => undefined }, now: () => clock.now });
  const url = await server.listen();
  return {
    async operate(community, act) {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${operatorToken}` };
      return (await fetch(`${url}/api/operator`, { method: 'POST', headers, body: JSON.stringify({ ask: 'act', community, act }) })).status;
    },
    url, wsUrl: `${url.replace('http', 'ws')}/sync`, server, storage, clock,
    async end() {
      await server.stop();
      rmSync(app, { recursive: true, force: true });
    },
  };
}
