/**
 * `npm run bench`: installs what the benchmarks need, a browser included, and runs them. Arguments go on to
 * bench/main.ts (`--quick`, `--only=1,4`). Node 20, built-ins only.
 */
import { findOrInstallBrowser } from './browser.mjs';
import { build, install, pinnedNode } from './prepare.mjs';
import { ownTools, run, stopWhenAsked } from './processes.mjs';

stopWhenAsked((_child, signal) => signal);

if (!(await install())) fail('The dependencies could not be installed; npm says why above.');
if (!(await build())) fail('The app could not be built; the reason stands above.');
const browser = await findOrInstallBrowser();
if (!browser) fail('No browser was found and none could be installed: set CHROME_PATH to a Chromium and try again.');

const env = { ...ownTools, CHROME_PATH: String(browser) };
process.exit(await run(pinnedNode(), ['bench/main.ts', ...process.argv.slice(2)], { env }));

/** @param {string} reason @returns {never} */
function fail(reason) {
  console.error(reason);
  process.exit(1);
}
