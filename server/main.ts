/** Composition root: settings, storage, server, signals. `node server/main.ts [--demo]`. */
import { createServer } from './createServer.ts';
import { readConfig, type Config } from './config.ts';
import { greeting } from './greeting.ts';
import { readCertificate, type CertificateFiles } from './http/certificate.ts';
import type { DemoSource } from './identity/demoSource.ts';
import { leaveAccess, newOperatorToken } from './identity/operator.ts';
import { messageOf, standardLog } from './log.ts';
import { StorageError } from './storage/contract.ts';
import { memoryData, openStorage } from './storage/open.ts';
import { watched } from './storage/watch.ts';
import { welcomeOf } from './welcome.ts';

const exitBadSetting = 2;
/** After this long a stop that hangs is given up, ms. */
const stopMaxMs = 3_000;

function fail(reason: string, code = 1): never {
  console.error(reason);
  process.exit(code);
}

/** What a person can act on, in a sentence. */
function explain(error: unknown, { host, port }: Config): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return `Port ${port} on ${host} is taken by another program. Stop that one, or choose another port, for example PORT=${port + 1}.`;
  if (code === 'EACCES') return `This user may not listen on port ${port}. Choose a port from 1024 up, for example PORT=8787.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `This machine has no address ${host}. Set HOST to one of its own, for example HOST=127.0.0.1.`;
  return error instanceof StorageError ? error.message : `The server could not start: ${messageOf(error)}`;
}

/** `LINHUO_DEMO` names another source of demo data, which tests use. */
async function loadDemo(): Promise<DemoSource> {
  const path = process.env['LINHUO_DEMO'];
  if (path === undefined) return import('./demo/demo.ts');
  const loaded: DemoSource = await import(path);
  return loaded;
}

const settings = readConfig(process.argv.slice(2), process.env);
const config = settings.ok ? settings.value : fail(settings.error, exitBadSetting);

function certificateAtStart(files: CertificateFiles) {
  const read = readCertificate(files, Date.now());
  return read.ok ? read.value : fail(read.error, exitBadSetting);
}
const certificate = config.tls && certificateAtStart(config.tls);

// Crash-stop: memory may be ahead of a disk that failed, and only a new process knows what is on it.
const diskFailed = (error: StorageError): never => fail(`The disk failed (${error.message}). The server has stopped so that nothing untrue is confirmed; tablets keep their work and send it again.`);

async function start() {
  const storage = watched(openStorage(config.data), diskFailed);
  try {
    const demo = config.demo ? await loadDemo() : undefined;
    const operatorToken = newOperatorToken();
    const server = await createServer({ config, ...(certificate && { certificate }), storage, log: standardLog, onBroken: diskFailed, community: config.community, operatorToken, ...(demo ? { demo } : {}) });
    const address = await server.listen();
    const origin = config.origin ?? address;
    if (!demo && config.data !== memoryData) leaveAccess(config.data, { token: operatorToken, address, origin });
    return { server, address, origin };
  } catch (error) {
    await storage.close();
    throw error;
  }
}

const started = await start().catch((error: unknown) => fail(explain(error, config)));

let stopping = false;
function stop(): void {
  if (stopping) process.exit(130);
  stopping = true;
  setTimeout(() => fail('The server did not stop in time and was ended.'), stopMaxMs).unref();
  started.server.stop().then(
    () => process.exit(0),
    (error: unknown) => fail(`The server stopped with an error: ${messageOf(error)}`),
  );
}
process.on('SIGINT', stop);
process.on('SIGTERM', stop);

/** TL2 */
function renew(files: CertificateFiles): void {
  const read = readCertificate(files, Date.now());
  if (!read.ok) return console.error(`${read.error} The certificate in use stays.`);
  started.server.renew(read.value);
  console.log(`The certificate was read again; it is valid until ${new Date(read.value.until).toISOString().slice(0, 10)}.`);
}
const { tls } = config;
if (tls) process.on('SIGHUP', () => renew(tls));

for (const line of greeting(config, started.address)) console.log(line);
const { firstInvitation } = started.server;
if (firstInvitation) console.log(welcomeOf(firstInvitation, started.origin));
