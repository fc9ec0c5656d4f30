/**
 * The built app, held in memory: what is not in the list read at start does not exist, so no path can lead elsewhere.
 *
 * - SR21 A path without an extension that is no file is a page of the app and gets its shell; one with an extension is 404.
 * - SR22 Hashed files are kept for a year, everything else is asked for again each time and answered with 304.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { sendText } from './respond.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
};

interface StaticFile {
  readonly type: string;
  readonly etag: string;
  readonly immutable: boolean;
  readonly bytes: Buffer;
  readonly br: Buffer | undefined;
  readonly gzip: Buffer | undefined;
}

export interface StaticFiles {
  /** The app's shell, undefined before the app is built. */
  readonly shell: string | undefined;
  serve(path: string, request: IncomingMessage, response: ServerResponse): void;
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    // An app that was never built is answered with a sentence about it; any other trouble is the operator's to see.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

export function loadStaticFiles(folder: string): StaticFiles {
  const files = new Map<string, StaticFile>();
  const all = new Set(filesBelow(folder));
  for (const file of all) {
    const extension = extname(file);
    if (extension === '.br' || extension === '.gz') continue;
    const path = `/${relative(folder, file).split(sep).join('/')}`;
    const bytes = readFileSync(file);
    files.set(path, {
      type: contentTypes[extension] ?? 'application/octet-stream',
      etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
      immutable: path.startsWith('/_app/immutable/'),
      bytes,
      br: all.has(`${file}.br`) ? readFileSync(`${file}.br`) : undefined,
      gzip: all.has(`${file}.gz`) ? readFileSync(`${file}.gz`) : undefined,
    });
  }
  const shell = files.get('/index.html');

  return {
    shell: shell?.bytes.toString(),
    serve(path, request, response) {
      const file = files.get(path) ?? (extname(path) === '' ? shell : undefined);
      if (file) return sendFile(file, request, response);
      if (shell) return sendText(response, 404, 'No such file.\n');
      sendText(response, 503, 'The app has not been built yet. Run npm start, which builds it.\n');
    },
  };
}

function sendFile(file: StaticFile, request: IncomingMessage, response: ServerResponse): void {
  const headers: Record<string, string | number> = {
    'content-type': file.type,
    etag: file.etag,
    vary: 'accept-encoding',
    'cache-control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
  if (request.headers['if-none-match'] === file.etag) {
    response.writeHead(304, headers);
    response.end();
    return;
  }
  const accepted = String(request.headers['accept-encoding'] ?? '');
  let body = file.bytes;
  if (file.br && /\bbr\b/.test(accepted)) {
    body = file.br;
    headers['content-encoding'] = 'br';
  } else if (file.gzip && /\bgzip\b/.test(accepted)) {
    body = file.gzip;
    headers['content-encoding'] = 'gzip';
  }
  headers['content-length'] = body.byteLength;
  response.writeHead(200, headers);
  response.end(request.method === 'HEAD' ? undefined : body);
}
