/**
 * 9 · What the first route loads: every script the browser asks for until the network is quiet, as gzip would send it.
 * Workers are counted apart: they load beside the screen, not before it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { launch } from '../browser.ts';
import type { Measure, Row } from '../report.ts';
import { startServer } from '../../../tests/support/serverProcess.ts';

export const weight: Measure = {
  id: '9',
  title: 'JavaScript on the first route',
  async run({ build }): Promise<Row[]> {
    const server = await startServer({ demo: true, env: { LINHUO_APP: build } });
    const browser = await launch();
    try {
      // The service worker fetches the whole app to keep it; that is not the first route.
      const page = await (await browser.newContext({ serviceWorkers: 'block' })).newPage();
      const asked = new Set<string>();
      const workers = new Set<string>();
      page.on('worker', (worker) => workers.add(new URL(worker.url()).pathname));
      page.on('response', (response) => {
        const { pathname } = new URL(response.url());
        if (pathname.endsWith('.js')) asked.add(pathname);
      });
      await page.goto(`${server.url}/`);
      await page.waitForLoadState('networkidle');
      const kilobytes = (paths: readonly string[]): number => paths.reduce((sum, path) => sum + gzipSync(readFileSync(join(build, path))).byteLength, 0) / 1e3;
      return [
        { id: '9', what: 'JavaScript on the first route, gzipped', unit: 'kB', target: 150, figures: { ours: [kilobytes([...asked].filter((path) => !workers.has(path)))] }, note: `${asked.size} files; Lighthouse is not a dependency and was not run` },
        { id: '9', what: 'of it in workers, loaded beside the screen', unit: 'kB', figures: { ours: [kilobytes([...workers])] } },
      ];
    } finally {
      await browser.close();
      await server.dispose();
    }
  },
};
