/**
 * The HTTP side of `src/protocol/photos.ts`.
 *
 * - PH7 Without a ticket there is nothing; what a ticket does not open is not named.
 * - PH9 One device sends at a bounded pace, and no body is read beyond a part.
 * - PH10 A photo leaves as a JPEG and as nothing else, for the asker alone, and no browser or proxy keeps it.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Actor } from '../../src/domain/kernel/actor.ts';
import type { Result } from '../../src/domain/kernel/result.ts';
import { lengthHeader, offsetHeader, parsePhotoPlace, photoPartMaxBytes, type PhotoPlace, type UploadState } from '../../src/protocol/photos.ts';
import { createPace } from '../identity/pace.ts';
import type { PhotoRefusal, Photos } from '../photos/photos.ts';
import { StorageError } from '../storage/contract.ts';
import { readBody, sendError, sendJson } from './respond.ts';

const uploadsPath = '/api/uploads/';
const photosPath = '/api/photos/';

const refusals: Readonly<Record<PhotoRefusal, readonly [status: number, hint: string]>> = {
  forbidden: [403, 'This seat may not open that room.'],
  'not-named': [404, 'No record of that room names this photo.'],
  'too-large': [413, 'A photo has at most 256 KiB, and no more than was announced.'],
  'wrong-photo': [422, 'These bytes are not the photo of that name, or no plain JPEG. Begin again.'],
  quota: [507, 'This community keeps as many photos as it may.'],
  offset: [409, 'The part does not begin where the server stands. Ask how much it holds.'],
};

const refuse = (response: ServerResponse, refusal: PhotoRefusal): void => sendError(response, refusals[refusal][0], refusal, refusals[refusal][1]);

/** @returns false for what is no path of photos */
export type PhotosApi = (path: string, request: IncomingMessage, response: ServerResponse, actor: Actor | undefined) => Promise<boolean>;

export function createPhotosApi(photos: Photos): PhotosApi {
  // Half a megabyte a second; four photos at once after a pause.
  const parts = createPace({ perSecond: 8, burst: 64, waitMaxMs: 10_000, now: () => performance.now() });

  function answer(response: ServerResponse, result: Result<UploadState, PhotoRefusal>): void {
    if (result.ok) sendJson(response, 200, result.value);
    else refuse(response, result.error);
  }

  async function take(actor: Actor, place: PhotoPlace, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const wait = parts.ask(actor.device);
    if (wait === undefined) {
      response.setHeader('retry-after', '5');
      return sendError(response, 429, 'too-fast', 'Too many parts at once. Go on in a few seconds.');
    }
    if (wait > 0) await pause(wait);
    const [offset, length] = [numberIn(request, offsetHeader), numberIn(request, lengthHeader)];
    if (offset === undefined || length === undefined) return sendError(response, 400, 'bad-request', `Send ${offsetHeader} and ${lengthHeader} as whole numbers.`);
    const bytes = await readBody(request, photoPartMaxBytes);
    if (!bytes || bytes.byteLength === 0) return sendError(response, 413, 'too-large', `A part has 1 to ${photoPartMaxBytes} bytes.`);
    answer(response, await photos.take(actor, place, { offset, length, bytes }));
  }

  async function send(actor: Actor, place: PhotoPlace, response: ServerResponse): Promise<void> {
    const read = await photos.read(actor, place);
    if (!read.ok) return refuse(response, read.error);
    if (!read.value) return sendError(response, 404, 'not-here', 'The tablet that took it has not brought it yet.');
    response.writeHead(200, {
      'content-type': 'image/jpeg', 'content-length': read.value.byteLength, 'content-disposition': 'inline', 'cache-control': 'private, no-store',
      // Opened by itself it is a picture that runs nothing, whatever a browser thinks of it.
      'content-security-policy': "default-src 'none'; sandbox",
    });
    response.end(read.value);
  }

  async function handle(path: string, request: IncomingMessage, response: ServerResponse, actor: Actor | undefined): Promise<void> {
    const upload = path.startsWith(uploadsPath);
    if (!(request.method === 'GET' || (upload && request.method === 'PATCH'))) return sendError(response, 405, 'method', 'GET asks, PATCH brings a part.');
    if (!actor) return sendError(response, 401, 'unauthenticated', 'Send a valid ticket as Authorization: Bearer.');
    const place = parsePhotoPlace(path.slice((upload ? uploadsPath : photosPath).length));
    if (!place) return sendError(response, 404, 'not-found', 'There is nothing under this path.');
    try {
      if (!upload) return await send(actor, place, response);
      if (request.method === 'GET') return answer(response, await photos.state(actor, place));
      await take(actor, place, request, response);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      if (error.fault === 'conflict') return refuse(response, 'offset');
      if (error.fault !== 'full') throw error;
      sendError(response, 507, 'full', 'The disk of the server is full. Nothing was kept of this part.');
    }
  }

  return async (path, request, response, actor) => {
    if (!path.startsWith(uploadsPath) && !path.startsWith(photosPath)) return false;
    await handle(path, request, response, actor);
    return true;
  };
}

function numberIn(request: IncomingMessage, header: string): number | undefined {
  const text = request.headers[header];
  return typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
