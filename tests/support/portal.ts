/** What a hotel's or a hospital's network puts in front of everything until somebody signs in: a page of its own, with status 200. */
import { createServer } from 'node:http';
import { once } from 'node:events';

const page = '<!doctype html><html><head><title>WLAN</title></head><body><h1>请先登录 WLAN</h1><form action="/login"></form></body></html>';

export interface Portal {
  close(): Promise<void>;
}

export async function openPortal(port: number): Promise<Portal> {
  const server = createServer((_request, response) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
