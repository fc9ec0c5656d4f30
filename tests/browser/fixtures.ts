/** A server, a front with the replica's page, and pages on it. Each test has its own. */
import { rmSync } from 'node:fs';
import { test as base, type Page } from '@playwright/test';
import { openReplicaFront, openReplicaPage, type FrontServer } from '../support/replicaPage.ts';
import { startServer, type ServerProcess } from '../support/serverProcess.ts';

interface Stage {
  server: ServerProcess;
  front: FrontServer;
  /** A new browser context (a device) with the replica's page open. */
  device(): Promise<Page>;
  /** Starts the server again on the same data; the front points to it. */
  restart(): Promise<ServerProcess>;
}

export const test = base.extend<{ stage: Stage }>({
  stage: async ({ browser }, use) => {
    let server = await startServer({ demo: true });
    const front = await openReplicaFront(server.url);
    const contexts: { close(): Promise<void> }[] = [];
    const stage: Stage = {
      server,
      front,
      async device() {
        const context = await browser.newContext();
        contexts.push(context);
        const page = await context.newPage();
        await openReplicaPage(page, front);
        return page;
      },
      async restart() {
        server = await startServer({ demo: true, dataDir: server.dataDir, port: server.port });
        stage.server = server;
        return server;
      },
    };
    const { dataDir } = server;
    await use(stage);
    for (const context of contexts) await context.close();
    await front.close();
    await server.kill();
    rmSync(dataDir, { recursive: true, force: true });
  },
});
export { expect } from '@playwright/test';
