/** The few ways an answer leaves, and the one way a body comes in. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as v from 'valibot';

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-length': bytes.byteLength, 'cache-control': 'no-store' });
  response.end(bytes);
}

/** @param error a stable word for programs @param hint a sentence for people */
export const sendError = (response: ServerResponse, status: number, error: string, hint: string): void => sendJson(response, status, { error, hint });

export function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'content-length': Buffer.byteLength(text), 'cache-control': 'no-store' });
  response.end(text);
}

/** @returns undefined for a body longer than `max` bytes; the connection then closes with the answer */
export async function readBody(request: IncomingMessage, max: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!(chunk instanceof Buffer)) throw new TypeError('a request without an encoding yields buffers');
    size += chunk.byteLength;
    if (size > max) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** @returns undefined once the asker was told that the body is too large or not what it should be */
export async function readJson<T>(request: IncomingMessage, response: ServerResponse, max: number, schema: v.GenericSchema<unknown, T>, hint: string): Promise<T | undefined> {
  const body = await readBody(request, max);
  if (!body) {
    sendError(response, 413, 'too-large', `A request like this has at most ${max} bytes.`);
    return undefined;
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), body.toString());
  if (parsed.success) return parsed.output;
  sendError(response, 400, 'bad-request', hint);
  return undefined;
}
