/** The HTTP calls of `src/protocol/photos.ts`, parsed at the border. */
import * as v from 'valibot';
import { lengthHeader, offsetHeader, uploadStateSchema, type UploadState } from '../../protocol/photos.ts';
import type { Bytes } from '../sealing.ts';
import { ApiError } from '../connection/api.ts';

/** What the server says about one photo and not about the line. */
export type PhotoAnswer = 'forbidden' | 'not-there' | 'offset' | 'wrong' | 'full';

const answers: Readonly<Record<number, PhotoAnswer>> = { 403: 'forbidden', 404: 'not-there', 409: 'offset', 413: 'wrong', 422: 'wrong', 507: 'full' };
const patienceMs = 30_000;

/** @throws ApiError for anything that is no answer about this photo */
async function ask(url: string, ticket: string, init: RequestInit = {}): Promise<Response | PhotoAnswer> {
  let response: Response;
  try {
    response = await fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${ticket}` }, cache: 'no-store', signal: AbortSignal.timeout(patienceMs) });
  } catch (cause) {
    throw new ApiError('offline', String(cause));
  }
  const answer = answers[response.status];
  if (answer) return answer;
  if (!response.ok) throw new ApiError('offline', `${response.status} ${url}`);
  return response;
}

async function stateIn(answered: Response | PhotoAnswer): Promise<UploadState | PhotoAnswer> {
  if (typeof answered === 'string') return answered;
  const parsed = v.safeParse(uploadStateSchema, await answered.json().catch(() => undefined));
  if (!parsed.success) throw new ApiError('offline', 'not an answer of this server');
  return parsed.output;
}

export const askUpload = async (server: string, ticket: string, place: string): Promise<UploadState | PhotoAnswer> =>
  stateIn(await ask(`${server}/api/uploads/${place}`, ticket));

export const sendPart = async (server: string, ticket: string, place: string, offset: number, length: number, body: Bytes): Promise<UploadState | PhotoAnswer> =>
  stateIn(await ask(`${server}/api/uploads/${place}`, ticket, { method: 'PATCH', headers: { [offsetHeader]: String(offset), [lengthHeader]: String(length) }, body }));

export async function fetchPhoto(server: string, ticket: string, place: string): Promise<Bytes | PhotoAnswer> {
  const answered = await ask(`${server}/api/photos/${place}`, ticket);
  if (typeof answered === 'string') return answered;
  try {
    return new Uint8Array(await answered.arrayBuffer());
  } catch (cause) {
    throw new ApiError('offline', String(cause));
  }
}
