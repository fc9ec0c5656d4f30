/**
 * From a fresh clone to a running server, with nothing installed by hand. PORT, HOST and LINHUO_… reach the server as they
 * are. Node 20, built-ins only.
 */
import { join } from 'node:path';
import { build, install, pinnedNode } from './prepare.mjs';
import { ownTools, root, run, stopWhenAsked } from './processes.mjs';

/** @param {readonly string[]} options what the server is started with */
export async function launch(options) {
  stopWhenAsked((child) => child);

  if (!(await install())) fail('The dependencies could not be installed; npm says why above.');
  if (!(await build())) fail('The app could not be built; the reason stands above.');

  const env = { ...ownTools, LINHUO_DATA: process.env.LINHUO_DATA ?? join(root, 'data') };
  process.exit(await run(pinnedNode(), ['server/main.ts', ...options], { env }));
}

/** @param {string} reason @returns {never} */
function fail(reason) {
  console.error(reason);
  process.exit(1);
}
