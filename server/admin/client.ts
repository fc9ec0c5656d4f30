/** Asks the running server, as its operator: it has left token and address in its data folder. */
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import * as v from 'valibot';
import { err, ok, type Result } from '../../src/domain/kernel/result.ts';
import { operatorPath } from '../http/operatorApi.ts';
import { operatorAccessSchema, operatorFile, type OperatorAccess, type OperatorRequest } from '../identity/operator.ts';

/** A sentence that says what to do. */
export type Trouble = string;

export interface Client {
  readonly origin: string;
  ask<Schema extends v.GenericSchema>(request: OperatorRequest, schema: Schema): Promise<Result<v.InferOutput<Schema>, Trouble>>;
}

const answerMaxMs = 10_000;
const refusalSchema = v.object({ error: v.string(), hint: v.string() });

export function openClient(data: string): Result<Client, Trouble> {
  const access = readAccess(data);
  if (!access.ok) return access;
  const { token, address, origin } = access.value;
  return ok({
    origin,
    async ask(request, schema) {
      const answered = await post(`${loopbackOf(address)}${operatorPath}`, token, JSON.stringify(request));
      if (!answered.ok) return err(`The server does not answer at ${address} (${answered.error}). Start it, then try again.`);
      const { status, body } = answered.value;
      const read = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), body);
      if (status === 200 && read.success) return ok(read.output);
      const refusal = v.safeParse(v.pipe(v.string(), v.parseJson(), refusalSchema), body);
      if (status === 404 || !refusal.success) return err(`What answers at ${address} is not the server of the data folder ${data}. Name the folder of the one that runs: LINHUO_DATA=<folder> npm run admin -- …`);
      return err(`Not done (${refusal.output.error}). ${refusal.output.hint}`);
    },
  });
}

function readAccess(data: string): Result<OperatorAccess, Trouble> {
  const file = operatorFile(data);
  try {
    return ok(v.parse(v.pipe(v.string(), v.parseJson(), operatorAccessSchema), readFileSync(file, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return err(`There is no ${file}: no server has run here without --demo. Start it, or name its data folder: LINHUO_DATA=<folder> npm run admin -- …`);
    return err(`${file} can not be read (${error instanceof Error ? error.message : String(error)}). Run this as the user the server runs as.`);
  }
}

/** A server that listens everywhere is asked on this machine. */
const loopbackOf = (address: string): string => address.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');

function post(url: string, token: string, body: string): Promise<Result<{ readonly status: number; readonly body: string }, string>> {
  return new Promise((resolve) => {
    const options = { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, timeout: answerMaxMs };
    // Its certificate names another host than this machine's own address; it never leaves this machine.
    const asked = url.startsWith('https:') ? httpsRequest(url, { ...options, rejectUnauthorized: false }) : httpRequest(url, options);
    asked.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(ok({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() })));
      response.on('error', (error) => resolve(err(error.message)));
    });
    asked.on('timeout', () => asked.destroy(new Error('it takes too long')));
    asked.on('error', (error) => resolve(err('code' in error ? String(error.code) : error.message)));
    asked.end(body);
  });
}
