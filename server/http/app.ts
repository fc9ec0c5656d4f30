/** Routes one request: health, API, files. SR25: a bug in one answer is a 500 for its asker and a line in the log. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { messageOf, type Log } from '../log.ts';
import type { Api } from './api.ts';
import type { PeerOf } from './peer.ts';
import { sendError, sendText } from './respond.ts';
import type { HeadersFor } from './securityHeaders.ts';
import type { StaticFiles } from './staticFiles.ts';

export type Health = 'ok' | 'stopping' | 'disk full';

export interface AppParts {
  readonly files: StaticFiles;
  readonly api: Api;
  readonly health: () => Health;
  readonly peerOf: PeerOf;
  readonly headersFor: HeadersFor;
  readonly log: Log;
}

export function createApp({ files, api, health, peerOf, headersFor, log }: AppParts): RequestListener {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(headersFor(peerOf(request)))) response.setHeader(name, value);
    const path = pathOf(request.url ?? '/');
    if (path === undefined) return sendText(response, 400, 'This path can not be read.\n');
    if (path === '/healthz') return sendText(response, health() === 'ok' ? 200 : 503, health());
    if (path.startsWith('/api/')) return api(path, request, response);
    if (request.method === 'GET' || request.method === 'HEAD') return files.serve(path, request, response);
    response.setHeader('allow', 'GET, HEAD');
    sendText(response, 405, 'Only GET is answered here.\n');
  }

  return (request, response) => {
    answer(request, response).catch((error: unknown) => {
      log.error('a request failed', { method: request.method, reason: messageOf(error) });
      if (response.headersSent) response.destroy();
      else sendError(response, 500, 'internal', 'The server could not answer. Nothing was changed by this request.');
    });
  };
}

function pathOf(url: string): string | undefined {
  try {
    return decodeURIComponent(url.split('?', 1)[0] ?? '/');
  } catch {
    // A stray percent sign: the only thing decodeURIComponent throws on.
    return undefined;
  }
}
