import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from '../../../server/config.ts';

test('[SR20] settings have defaults, and say what they mean', () => {
  expect(readConfig([], {})).toEqual({ ok: true, value: { host: '127.0.0.1', port: 8787, data: resolve('data'), demo: false, community: { name: '第一社区', district: '成都' }, origins: [], app: resolve('build') } });
  expect(readConfig(['--demo'], { PORT: '0', HOST: '::1', LINHUO_DATA: ':memory:', LINHUO_ORIGINS: 'https://a.example, http://b.example:81', LINHUO_APP: 'dist', LINHUO_COMMUNITY: '双柏社区', LINHUO_DISTRICT: '郫都区' })).toEqual({
    ok: true, value: { host: '::1', port: 0, data: ':memory:', demo: true, community: { name: '双柏社区', district: '郫都区' }, origins: ['https://a.example', 'http://b.example:81'], app: resolve('dist') },
  });
});

test('[SR20] what makes no sense is named, with what to set instead', () => {
  const cases: readonly (readonly [args: readonly string[], env: Record<string, string>, named: string, remedy: string])[] = [
    [[], { PORT: 'abc' }, '"abc"', 'PORT=8787'],
    [[], { PORT: '70000' }, '"70000"', 'PORT=8787'],
    [[], { PORT: '-1' }, '"-1"', 'PORT=8787'],
    [['--demmo'], {}, '--demmo', '--demo'],
    [[], { LINHUO_ORIGINS: 'linhuo.example' }, '"linhuo.example"', 'LINHUO_ORIGINS=https://linhuo.example'],
    [[], { LINHUO_ORIGINS: 'https://a.example/path' }, '"https://a.example/path"', 'without a path'],
  ];
  for (const [args, env, named, remedy] of cases) {
    const read = readConfig(args, env);
    expect(read.ok ? '' : read.error).toContain(named);
    expect(read.ok ? '' : read.error).toContain(remedy);
  }
});
