/**
 * The settings, read once. What each means: docs/OPERATIONS.md.
 *
 * - SR20 What can't be understood is named together with what to set instead.
 * - CF1 Of settings that need one another, the missing one is named; what would leave tablets without a safe connection is refused.
 */
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { nameText } from '../src/domain/kernel/fields.ts';
import { err, ok, type Result } from '../src/domain/kernel/result.ts';
import { textMax } from '../src/domain/kernel/text.ts';
import type { CertificateFiles } from './http/certificate.ts';
import { offlineDaysDefault } from './identity/tablets.ts';
import { memoryData } from './storage/open.ts';

export interface Config {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** A folder, or `:memory:`. */
  readonly data: string;
  readonly demo: boolean;
  /** Other origins whose pages may connect, e.g. `https://linhuo.example`. The public one is among them. */
  readonly origins: readonly string[];
  /** The built app. */
  readonly app: string;
  /** How tablets reach this server, for links; unless set, where it listens. */
  readonly origin: string | undefined;
  /** TLS without a proxy in front. */
  readonly tls: CertificateFiles | undefined;
  /** Addresses of proxies whose word about a request is believed. */
  readonly proxies: readonly string[];
  /** The first community, made when real work starts. */
  readonly community: { readonly name: string; readonly district: string };
  /** How long a tablet opens without having heard from the server. */
  readonly offlineDays: number;
}

type Env = Readonly<Record<string, string | undefined>>;

const fromRoot = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const listed = (value: string | undefined): string[] => (value ?? '').split(',').map((each) => each.trim()).filter((each) => each !== '');
const isOrigin = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
/** Browsers keep an app and its keys only where nobody could have changed it on the way, or on this very machine. */
const isSafe = (origin: string): boolean => /^https:|^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|$)/.test(origin);

/** Where the data is, for whoever needs nothing else. */
export function dataOf(env: Env): string {
  const data = env['LINHUO_DATA'] || fromRoot('data');
  return data === memoryData ? data : resolve(data);
}

/** One reader for each setting: what it says, or a sentence for the person who started the server. */
const readers = {
  port({ PORT: port = '' }: Env): Result<number, string> {
    if (port === '') return ok(8787);
    if (/^\d{1,5}$/.test(port) && Number(port) <= 65_535) return ok(Number(port));
    return err(`PORT must be a number from 0 to 65535, not "${port}". Set it to a free port, for example PORT=8787.`);
  },
  origins({ LINHUO_ORIGINS: origins }: Env): Result<readonly string[], string> {
    const wrong = listed(origins).find((origin) => !isOrigin(origin));
    if (wrong === undefined) return ok(listed(origins));
    return err(`LINHUO_ORIGINS holds "${wrong}", which is no origin. Write scheme and host without a path, for example LINHUO_ORIGINS=https://linhuo.example.`);
  },
  origin({ LINHUO_ORIGIN: origin = '', LINHUO_TLS_CERT: certificate }: Env): Result<string | undefined, string> {
    if (origin === '') return ok(undefined);
    if (!isOrigin(origin)) return err(`LINHUO_ORIGIN is "${origin}", which is no origin. Write how tablets reach this server, scheme and host without a path, for example LINHUO_ORIGIN=https://linhuo.example.`);
    if (!isSafe(origin)) return err(`LINHUO_ORIGIN is "${origin}": without https a tablet's browser keeps neither the app nor its key. Set LINHUO_ORIGIN=${origin.replace('http:', 'https:')}, with LINHUO_TLS_CERT and LINHUO_TLS_KEY or behind a proxy that has a certificate.`);
    if (certificate && !origin.startsWith('https:')) return err(`LINHUO_ORIGIN is "${origin}", but with LINHUO_TLS_CERT this server speaks https only. Set LINHUO_ORIGIN=${origin.replace('http:', 'https:')}.`);
    return ok(origin);
  },
  tls({ LINHUO_TLS_CERT: certificate = '', LINHUO_TLS_KEY: key = '' }: Env): Result<CertificateFiles | undefined, string> {
    if (certificate === '' && key === '') return ok(undefined);
    if (key === '') return err('LINHUO_TLS_CERT is set and LINHUO_TLS_KEY is not. Set LINHUO_TLS_KEY to the file with the key of that certificate, or unset both and put a proxy in front.');
    if (certificate === '') return err('LINHUO_TLS_KEY is set and LINHUO_TLS_CERT is not. Set LINHUO_TLS_CERT to the file with the certificate and its chain, or unset both and put a proxy in front.');
    return ok({ certificate: resolve(certificate), key: resolve(key) });
  },
  proxies({ LINHUO_PROXY: proxies }: Env): Result<readonly string[], string> {
    const wrong = listed(proxies).find((address) => isIP(address) === 0);
    if (wrong === undefined) return ok(listed(proxies));
    return err(`LINHUO_PROXY holds "${wrong}", which is no address. Write the address the proxy connects from, for example LINHUO_PROXY=127.0.0.1, several with commas between.`);
  },
  community({ LINHUO_COMMUNITY: name = '', LINHUO_DISTRICT: district = '' }: Env): Result<Config['community'], string> {
    for (const [setting, value, example] of [['LINHUO_COMMUNITY', name, '双柏社区'], ['LINHUO_DISTRICT', district, '郫都区']] as const)
      if (value !== '' && (value.trim() === '' || !v.is(nameText, value))) return err(`${setting} is no name: it is empty, too long or holds a line break. Set it to a name of at most ${textMax.name} characters, for example ${setting}=${example}.`);
    return ok({ name: name.trim() || '第一社区', district: district.trim() || '成都' });
  },
  offlineDays({ LINHUO_OFFLINE_DAYS: days = '' }: Env): Result<number, string> {
    if (days === '') return ok(offlineDaysDefault);
    if (/^\d{1,2}$/.test(days) && Number(days) >= 1 && Number(days) <= 90) return ok(Number(days));
    return err(`LINHUO_OFFLINE_DAYS must be a whole number of days from 1 to 90, not "${days}". Unset it for ${offlineDaysDefault} days, or set for example LINHUO_OFFLINE_DAYS=14.`);
  },
} as const;

/** @returns a sentence for the person who started the server when a setting makes no sense */
export function readConfig(args: readonly string[], env: Env): Result<Config, string> {
  const unknown = args.find((arg) => arg !== '--demo');
  if (unknown !== undefined) return err(`${unknown} is no option. The only one is --demo; everything else is set in the environment: docs/OPERATIONS.md lists it.`);
  const [port, origins, origin, tls, proxies, community, offlineDays] = [
    readers.port(env), readers.origins(env), readers.origin(env), readers.tls(env), readers.proxies(env), readers.community(env), readers.offlineDays(env),
  ];
  if (!port.ok) return port;
  if (!origins.ok) return origins;
  if (!tls.ok) return tls;
  if (!origin.ok) return origin;
  if (!proxies.ok) return proxies;
  if (!community.ok) return community;
  if (!offlineDays.ok) return offlineDays;
  return ok({
    host: env['HOST'] || '127.0.0.1',
    port: port.value,
    data: dataOf(env),
    demo: args.includes('--demo'),
    origins: [...new Set([...(origin.value === undefined ? [] : [origin.value]), ...origins.value])],
    app: resolve(env['LINHUO_APP'] || fromRoot('build')),
    origin: origin.value,
    tls: tls.value,
    proxies: proxies.value,
    community: community.value,
    offlineDays: offlineDays.value,
  });
}
