/** `npm run backup [-- file]`: one moment of the store in one verified file, beside a running server or without one. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataOf } from './config.ts';
import { backUp } from './storage/backup.ts';
import { StorageError } from './storage/contract.ts';
import { stampOf } from './storage/folder.ts';

const [named, ...more] = process.argv.slice(2);
if (more.length > 0) fail('One file can be named: npm run backup -- <file>.');
const data = dataOf(process.env);
const file = resolve(named ?? fileURLToPath(new URL(`../backups/linhuo-${stampOf(Date.now())}.sqlite`, import.meta.url)));

try {
  const { rooms, updates, photos } = await backUp(data, file);
  console.log(`Backed up ${data} to ${file}: ${rooms} rooms, ${updates} updates, ${photos} photos, all of them checked.`);
  console.log('It holds names of residents and the secret of the tickets: keep it where only you can read it, and on another disk.');
} catch (error) {
  if (!(error instanceof StorageError)) throw error;
  fail(`No backup was made. ${error.message}`);
}

function fail(reason: string): never {
  console.error(reason);
  process.exit(1);
}
