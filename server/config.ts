/** The settings, read once. SR20: what can't be understood is named together with what to set instead. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { err, ok, type Result } from '../src/domain/kernel/result.ts';
import { memoryData } from './storage/open.ts';

export interface Config {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** A folder, or `:memory:`. */
  readonly data: string;
  readonly demo: boolean;
  /** The first community, made when real work starts. */
  readonly community: { readonly name: string; readonly district: string };
  /** Other origins whose pages may connect, e.g. `https://linhuo.example`. */
  readonly origins: readonly string[];
  /** The built app. */
  readonly app: string;
}

const fromRoot = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Where the data is, for whoever needs nothing else. */
export function dataOf(env: Readonly<Record<string, string | undefined>>): string {
  const data = env['LINHUO_DATA'] || fromRoot('data');
  return data === memoryData ? data : resolve(data);
}

/** @returns a sentence for the person who started the server when a setting makes no sense */
export function readConfig(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Result<Config, string> {
  const unknown = args.find((arg) => arg !== '--demo');
  if (unknown !== undefined) return err(`${unknown} is no option. The only one is --demo; everything else is set by PORT, HOST, LINHUO_DATA and LINHUO_ORIGINS.`);
  const port = env['PORT'] || '8787';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return err(`PORT must be a number from 0 to 65535, not "${port}". Set it to a free port, for example PORT=8787.`);
  const origins = (env['LINHUO_ORIGINS'] ?? '').split(',').map((origin) => origin.trim()).filter((origin) => origin !== '');
  const wrong = origins.find((origin) => !URL.canParse(origin) || new URL(origin).origin !== origin);
  if (wrong !== undefined) return err(`LINHUO_ORIGINS holds "${wrong}", which is no origin. Write scheme and host without a path, for example LINHUO_ORIGINS=https://linhuo.example.`);
  return ok({
    host: env['HOST'] || '127.0.0.1',
    port: Number(port),
    data: dataOf(env),
    demo: args.includes('--demo'),
    community: { name: env['LINHUO_COMMUNITY'] || '第一社区', district: env['LINHUO_DISTRICT'] || '成都' },
    origins,
    app: resolve(env['LINHUO_APP'] || fromRoot('build')),
  });
}
