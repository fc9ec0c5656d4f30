/** `npm run restore -- file`: puts a backup in the place of the store of a server that is not running. */
import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { authorityTag, retiredAuthorityTag } from './authority/actor.ts';
import { numbersKey } from './authority/numbers.ts';
import { dataOf } from './config.ts';
import { eraseInBackup } from './erasure/backups.ts';
import { StorageError } from './storage/contract.ts';
import { storeFile } from './storage/folder.ts';
import { explained } from './storage/open.ts';
import { restore } from './storage/restore.ts';

const randomSpan = 2 ** 47;

const [named, ...more] = process.argv.slice(2);
if (named === undefined || more.length > 0) fail('Name the backup: npm run restore -- <file>.');
const data = dataOf(process.env);
const backup = resolve(named);

try {
  const { rooms, updates, photos, aside } = await restore({
    data, backup, now: Date.now(), random: () => randomInt(randomSpan) / randomSpan,
    author: { tag: authorityTag, retiredTag: retiredAuthorityTag, numbersKey },
  });
  console.log(`Restored ${backup} into ${data}: ${rooms} rooms, ${updates} updates, ${photos} photos, all of them checked.`);
  if (aside !== undefined) {
    console.log(`What was there before is kept in ${aside}.`);
    await eraseAgain(aside);
  }
  console.log('Start the server: tablets bring back what they stated after the backup was made.');
} catch (error) {
  if (!(error instanceof StorageError)) throw error;
  fail(`Nothing was restored. ${error.fault === 'locked' ? explained(data, error).message : error.message}`);
}

/** ER9: who was erased after the backup was made is not brought back by it. */
async function eraseAgain(aside: string): Promise<void> {
  try {
    const { rooms } = await eraseInBackup(aside, storeFile(data), Date.now);
    if (rooms > 0) console.log(`${rooms} rooms were made anew without whom the store before had erased.`);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    console.log(`Whom the store before had erased could not be read from it: ${error.message}\nThey are erased again when the tablet of the supervisor who did it connects.`);
  }
}

function fail(reason: string): never {
  console.error(reason);
  process.exit(1);
}
