/** Finds a Chromium for the tests, and installs one where there is none. Runs on Node 20, built-ins only. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ownTools, run, systemTools } from './processes.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The browser's path, or null when none could be found or installed. @returns {Promise<string | null>} */
export async function findOrInstallBrowser() {
  const found = await findBrowser();
  if (found) return found;
  // Without a Chinese font every screen would be measured in empty boxes.
  await installFromDebian('Chromium', 'chromium', 'fonts-noto-cjk');
  return (await findBrowser()) ?? (await installFromPlaywright());
}

async function findBrowser() {
  if (process.env.CHROME_PATH) return process.env.CHROME_PATH;
  for (const folder of systemTools.PATH.split(delimiter)) {
    for (const name of names) {
      const path = join(folder, name);
      // Some systems put a stub there that only says where to get the real one.
      if (existsSync(path) && (await run(path, ['--version'], { env: systemTools, output: 'ignore' })) === 0) return path;
    }
  }
  return null;
}

/** Does nothing where it may not. @param {string} what @param {string[]} packages */
export async function installFromDebian(what, ...packages) {
  if (process.getuid?.() !== 0 || !systemTools.PATH.split(delimiter).some((folder) => existsSync(join(folder, 'apt-get')))) return;
  console.log(`Installing ${what} …`);
  const env = { ...systemTools, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (/** @type {string[]} */ ...args) => run('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=600', ...args], { env });
  await apt('update');
  await apt('install', '-y', '--no-install-recommends', ...packages);
}

async function installFromPlaywright() {
  console.log('Downloading Chromium …');
  if ((await run('playwright', ['install', 'chromium'], { env: ownTools })) !== 0) return null;
  const { chromium } = await import('playwright');
  return chromium.executablePath();
}
