/** `npm run erase-backups -- file…`: takes out of older backups what was erased since they were made. */
import { resolve } from 'node:path';
import { dataOf } from './config.ts';
import { eraseInBackup } from './erasure/backups.ts';
import { StorageError } from './storage/contract.ts';

const files = process.argv.slice(2);
if (files.length === 0) fail('Name the backups: npm run erase-backups -- <file> …');
const data = dataOf(process.env);

for (const file of files.map((named) => resolve(named)))
  try {
    const { rooms } = await eraseInBackup(data, file, Date.now);
    console.log(rooms === 0 ? `${file}: nothing in it was erased since.` : `${file}: ${rooms} rooms were made anew without what was erased.`);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    fail(`${file} is as it was: ${error.message} Destroy it if it cannot be read.`);
  }

function fail(reason: string): never {
  console.error(reason);
  process.exit(1);
}
