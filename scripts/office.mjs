/** Finds a LibreOffice for the tests that open exports in it, and installs one where there is none. Runs on Node 20, built-ins only. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installFromDebian } from './browser.mjs';
import { systemTools } from './processes.mjs';

const names = ['soffice', 'libreoffice'];
/** Where it stands when it is not on the path. */
const usual = ['/usr/lib/libreoffice/program/soffice', '/Applications/LibreOffice.app/Contents/MacOS/soffice', 'C:\\Program Files\\LibreOffice\\program\\soffice.exe'];

/** Its path, or null when none could be found or installed. @returns {Promise<string | null>} */
export async function findOrInstallOffice() {
  const found = findOffice();
  if (found) return found;
  await installFromDebian('LibreOffice', 'libreoffice-calc');
  return findOffice();
}

function findOffice() {
  if (process.env.SOFFICE_PATH) return process.env.SOFFICE_PATH;
  const onPath = systemTools.PATH.split(delimiter).flatMap((/** @type {string} */ folder) => names.map((name) => join(folder, name)));
  return [...onPath, ...usual].find((path) => existsSync(path)) ?? null;
}
