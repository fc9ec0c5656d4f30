import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig, type Config } from '../../../server/config.ts';
import { greeting } from '../../../server/greeting.ts';

const defaults: Config = {
  host: '127.0.0.1', port: 8787, data: resolve('data'), demo: false, origins: [], app: resolve('build'),
  origin: undefined, tls: undefined, proxies: [], community: { name: '第一社区', district: '成都' }, offlineDays: 30,
};
type Env = Readonly<Record<string, string>>;
const valueOf = (env: Env, args: readonly string[] = []): Config => {
  const read = readConfig(args, env);
  if (!read.ok) throw new Error(read.error);
  return read.value;
};

test('[SR20] settings have defaults, and say what they mean', () => {
  expect(valueOf({})).toEqual(defaults);
  expect(valueOf({ PORT: '', LINHUO_ORIGIN: '', LINHUO_TLS_CERT: '', LINHUO_PROXY: '', LINHUO_COMMUNITY: '', LINHUO_OFFLINE_DAYS: '' })).toEqual(defaults);
  expect(valueOf({ PORT: '0', HOST: '::1', LINHUO_DATA: ':memory:', LINHUO_ORIGINS: 'https://a.example, http://b.example:81', LINHUO_APP: 'dist' }, ['--demo'])).toEqual({
    ...defaults, host: '::1', port: 0, data: ':memory:', demo: true, origins: ['https://a.example', 'http://b.example:81'], app: resolve('dist'),
  });
  expect(valueOf({
    LINHUO_ORIGIN: 'https://linhuo.example', LINHUO_ORIGINS: 'https://a.example,https://linhuo.example', LINHUO_TLS_CERT: 'a.pem', LINHUO_TLS_KEY: '/b.pem',
    LINHUO_PROXY: '127.0.0.1, ::1', LINHUO_COMMUNITY: '双柏社区', LINHUO_DISTRICT: '郫都区', LINHUO_OFFLINE_DAYS: '90',
  })).toEqual({
    ...defaults, origin: 'https://linhuo.example', origins: ['https://linhuo.example', 'https://a.example'], tls: { certificate: resolve('a.pem'), key: '/b.pem' },
    proxies: ['127.0.0.1', '::1'], community: { name: '双柏社区', district: '郫都区' }, offlineDays: 90,
  });
  for (const origin of ['http://localhost:8787', 'http://127.0.0.1', 'http://[::1]:1']) expect(valueOf({ LINHUO_ORIGIN: origin }).origin).toBe(origin);
});

const cases: readonly (readonly [rule: string, args: readonly string[], env: Env, named: string, remedy: string])[] = [
  ['SR20', [], { PORT: 'abc' }, 'PORT must be a number from 0 to 65535, not "abc"', 'PORT=8787'],
  ['SR20', [], { PORT: '70000' }, '"70000"', 'PORT=8787'],
  ['SR20', [], { PORT: '-1' }, '"-1"', 'PORT=8787'],
  ['SR20', ['--demmo'], {}, '--demmo', '--demo'],
  ['SR20', [], { LINHUO_ORIGINS: 'linhuo.example' }, 'LINHUO_ORIGINS holds "linhuo.example"', 'LINHUO_ORIGINS=https://linhuo.example'],
  ['SR20', [], { LINHUO_ORIGINS: 'https://a.example/path' }, '"https://a.example/path"', 'without a path'],
  ['SR20', [], { LINHUO_ORIGINS: 'ftp://a.example' }, '"ftp://a.example"', 'LINHUO_ORIGINS=https://linhuo.example'],
  ['SR20', [], { LINHUO_ORIGIN: 'linhuo.example' }, 'LINHUO_ORIGIN is "linhuo.example"', 'LINHUO_ORIGIN=https://linhuo.example'],
  ['SR20', [], { LINHUO_ORIGIN: 'https://linhuo.example/' }, '"https://linhuo.example/"', 'without a path'],
  ['CF1', [], { LINHUO_ORIGIN: 'http://linhuo.example' }, 'LINHUO_ORIGIN is "http://linhuo.example": without https', 'LINHUO_ORIGIN=https://linhuo.example'],
  ['CF1', [], { LINHUO_ORIGIN: 'http://localhost.evil.example' }, 'without https', 'LINHUO_ORIGIN=https://localhost.evil.example'],
  ['CF1', [], { LINHUO_ORIGIN: 'http://localhost:1', LINHUO_TLS_CERT: 'a', LINHUO_TLS_KEY: 'b' }, 'speaks https only', 'LINHUO_ORIGIN=https://localhost:1'],
  ['CF1', [], { LINHUO_TLS_CERT: 'a' }, 'LINHUO_TLS_CERT is set and LINHUO_TLS_KEY is not', 'Set LINHUO_TLS_KEY'],
  ['CF1', [], { LINHUO_TLS_KEY: 'a' }, 'LINHUO_TLS_KEY is set and LINHUO_TLS_CERT is not', 'Set LINHUO_TLS_CERT'],
  ['SR20', [], { LINHUO_PROXY: 'nginx' }, 'LINHUO_PROXY holds "nginx"', 'LINHUO_PROXY=127.0.0.1'],
  ['SR20', [], { LINHUO_PROXY: '127.0.0.1,10.0.0.0/8' }, '"10.0.0.0/8"', 'LINHUO_PROXY=127.0.0.1'],
  ['SR20', [], { LINHUO_COMMUNITY: '  ' }, 'LINHUO_COMMUNITY is no name', 'LINHUO_COMMUNITY=双柏社区'],
  ['SR20', [], { LINHUO_DISTRICT: '长'.repeat(500) }, 'LINHUO_DISTRICT is no name', 'LINHUO_DISTRICT=郫都区'],
  ['SR20', [], { LINHUO_OFFLINE_DAYS: '0' }, 'LINHUO_OFFLINE_DAYS must be a whole number of days from 1 to 90, not "0"', 'LINHUO_OFFLINE_DAYS=14'],
  ['SR20', [], { LINHUO_OFFLINE_DAYS: '91' }, '"91"', 'LINHUO_OFFLINE_DAYS=14'],
  ['SR20', [], { LINHUO_OFFLINE_DAYS: '7.5' }, '"7.5"', 'LINHUO_OFFLINE_DAYS=14'],
];

test('[SR20, CF1] what makes no sense is named, with what to set instead', () => {
  for (const [, args, env, named, remedy] of cases) {
    const read = readConfig(args, env);
    const told = read.ok ? '' : read.error;
    expect(told, JSON.stringify([args, env])).toContain(named);
    expect(told, JSON.stringify([args, env])).toContain(remedy);
  }
});

test('[CF2] once it runs, the server says where tablets find it and what is still missing', () => {
  const said = (env: Env): string => greeting(valueOf({ LINHUO_DATA: '/srv/linhuo', ...env }), 'http://127.0.0.1:8787').join('\n');
  expect(said({})).toMatch(/running at http:\/\/127\.0\.0\.1:8787\/\n {2}Real data, in \/srv\/linhuo\. Tablets open http:\/\/127\.0\.0\.1:8787\/\n.*LINHUO_ORIGIN is not set.*\n.*only browsers on this machine.*LINHUO_TLS_CERT.*LINHUO_PROXY=127\.0\.0\.1/);
  expect(said({ HOST: '0.0.0.0' })).toContain('no TLS on a network others can read');
  const ready = said({ LINHUO_ORIGIN: 'https://linhuo.example', LINHUO_PROXY: '127.0.0.1' });
  expect(ready).toContain('Tablets open https://linhuo.example/');
  expect(ready.split('\n')).toHaveLength(2);
  expect(greeting(valueOf({}, ['--demo']), 'http://x')).toHaveLength(3);
});
