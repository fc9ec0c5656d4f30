/** The import table of docs/ARCHITECTURE.md, enforced: `ls src` is the architecture only as long as this is green. */
import { expect, test } from 'vitest';
import { codeOf, importsOf, sourceFiles, type Import } from './support/imports.ts';

/** What a screen may know of the replica: the messages and rows it exchanges, and how to open one. */
const contract = 'src/replica/contract.ts';
const opening = /^src\/replica\/open[A-Za-z]*\.ts$/;

/** The same of the worker that reads and writes files. */
const files: readonly (string | RegExp)[] = ['src/exchange/contract.ts', 'src/exchange/open.ts'];

/** Folder → what of ours it may import: folders, or single files. */
const mayImport: Readonly<Record<string, readonly (string | RegExp)[]>> = {
  'src/domain': [],
  'src/protocol': ['src/domain'],
  'src/keys': ['src/domain', 'src/protocol'],
  'src/replica': ['src/domain', 'src/protocol', 'src/keys'],
  'src/exchange': ['src/domain'],
  'src/client': ['src/domain', 'src/protocol', 'src/keys', contract, opening, ...files],
  'src/lib': ['src/domain'],
  'src/routes': ['src/client', 'src/lib', 'src/domain'],
  server: ['src/domain', 'src/protocol'],
};
/** The same for imports of types, which leave nothing in the bundle: the rows and states that screens are made of. */
const mayImportTypes: Readonly<Record<string, readonly (string | RegExp)[]>> = { 'src/routes': [contract, 'src/exchange/contract.ts'], 'src/lib': [contract, 'src/exchange/contract.ts'] };

/** Package → the only places that name it. A package that is not listed may be named nowhere. */
const mayName: Readonly<Record<string, readonly string[]>> = {
  valibot: ['src/domain', 'src/protocol', 'src/keys', 'src/replica', 'src/client', 'server'],
  lib0: ['src/domain/kernel/hash.ts', 'src/protocol', 'src/replica/connection', 'server/rooms', 'server/storage'],
  yjs: ['src/replica/rooms', 'src/replica/connection', 'server/rooms', 'server/http'],
  'y-protocols': ['src/replica/connection', 'server/rooms'],
  'y-websocket': ['src/replica/connection'],
  dexie: ['src/replica/journal'],
  rxdb: ['src/replica/projection'],
  rxjs: ['src/replica/projection'],
  'pinyin-pro': ['src/replica/projection'],
  ws: ['server/rooms'],
  fflate: ['src/exchange/reading', 'src/exchange/writing'],
  svelte: ['src/lib', 'src/routes'],
  '@lucide/svelte': ['src/lib', 'src/routes'],
  uqr: ['src/lib', 'src/routes', 'server/welcome.ts'],
  jsqr: ['src/lib/scan'],
  $app: ['src/routes'],
  '@sveltejs/kit': ['src/routes'],
  'virtual:pwa-register': ['src/lib', 'src/routes'],
  'node:sqlite': ['server/storage'],
};
const anyNodeModule = 'server';

const roots = ['src', 'server'];
const layerOf = (path: string): string | undefined => Object.keys(mayImport).find((layer) => path.startsWith(`${layer}/`));
const fits = (path: string, allowed: readonly (string | RegExp)[] = []): boolean =>
  allowed.some((each) => (typeof each === 'string' ? path === each || path.startsWith(`${each}/`) : each.test(path)));

function violation({ file, target, own, typeOnly }: Import): string[] {
  const layer = layerOf(file);
  if (!layer) return [];
  if (own) {
    const to = layerOf(target);
    const allowed = to === layer || to === undefined || fits(target, mayImport[layer]) || (typeOnly && fits(target, mayImportTypes[layer]));
    return allowed ? [] : [`${file} may not import ${target}`];
  }
  if (target.startsWith('node:') && !mayName[target]) return layer === anyNodeModule ? [] : [`${file} may not name ${target}`];
  return fits(file, mayName[target]) ? [] : [`${file} may not name ${target}`];
}

const violations = (imports: readonly Import[]): string[] => imports.flatMap(violation);
const everyImport = (): Import[] => roots.flatMap((root) => sourceFiles(root)).flatMap((file) => importsOf(file));

test('[HS1] every folder imports only what the table allows', () => {
  const imports = everyImport();
  expect(imports.length).toBeGreaterThan(100);
  expect(violations(imports)).toEqual([]);
});

test('[HS1] the table catches what it should: static, dynamic, re-exported, aliased, by worker URL', () => {
  const planted: readonly (readonly [file: string, code: string])[] = [
    ['src/domain/points/rules.ts', "import { Room } from '../../replica/rooms/room.ts';"],
    ['src/domain/points/rules.ts', "import * as Y from 'yjs';"],
    ['src/domain/points/rules.ts', "import { readFileSync } from 'node:fs';"],
    ['src/replica/projection/rows.ts', "import Dexie from 'dexie';"],
    ['src/replica/journal/journal.ts', "export { RxDatabase } from 'rxdb';"],
    ['src/client/session.ts', "const { openJournal } = await import('$replica/journal/journal.ts');"],
    ['src/client/session.ts', "import { Room } from '../../server/rooms/room.ts';"],
    ['src/lib/components/Button.svelte', "<script>import { session } from '$client/session.ts';</script>"],
    ['src/lib/components/Button.svelte', "const w = new Worker(new URL('../../replica/worker.ts', import.meta.url));"],
    ['src/routes/+page.svelte', "import { openReplica } from '$replica/open.ts';"],
    ['src/routes/+page.svelte', "import { states } from '$replica/contract.ts';"],
    ['src/client/exchange.ts', "import { toWorkbook } from '../exchange/writing/xlsx.ts';"],
    ['src/exchange/exchange.ts', "import { unzipSync } from 'fflate';"],
    ['src/protocol/messages.ts', "import '../replica/contract.ts';"],
    ['src/keys/unlocking.ts', "import Dexie from 'dexie';"],
    ['src/keys/unlocking.ts', "import { Room } from '../replica/rooms/room.ts';"],
    ['server/http/api.ts', "import { page } from '../../src/client/session.ts';"],
    ['server/http/api.ts', "import Database from 'better-sqlite3';"],
    ['server/authority/post.ts', "import { DatabaseSync } from 'node:sqlite';"],
  ];
  for (const [file, code] of planted) expect(violations(importsOf(file, code)), `${file}: ${code}`).toHaveLength(1);
});

test('[HS1] what is allowed passes: types of the contract in a screen, code quoted in a comment', () => {
  const harmless: readonly (readonly [file: string, code: string])[] = [
    ['src/routes/+page.svelte', "import type { Row } from '$replica/contract.ts';"],
    ['src/client/session.ts', "import { openReplica } from '../replica/open.ts';"],
    ['src/domain/points/rules.ts', "/** e.g. import { x } from 'yjs' */\n// import 'rxdb'\nimport { ok } from '../kernel/result.ts';"],
  ];
  for (const [file, code] of harmless) expect(violations(importsOf(file, code)), file).toEqual([]);
});

test('[HS2] the domain has no clock, no randomness and no promises', () => {
  const impure = /\b(Date\.now|new Date\(\)|performance\.|Math\.random|crypto\.|Promise\b|async\b|await\b|setTimeout|setInterval|fetch\()/;
  const guilty = sourceFiles('src/domain').flatMap((file) => {
    const hit = codeOf(file).match(impure);
    return hit ? [`${file}: ${hit[0]}`] : [];
  });
  expect(guilty).toEqual([]);
});
