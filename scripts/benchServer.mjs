/**
 * `npm run bench:server`: installs what the benchmark needs and runs it. Arguments go on to bench/server/main.ts
 * (`--quick`, `--tablets=300`, `--only=1,4`). Node 20, built-ins only.
 */
import { install, pinnedNode } from './prepare.mjs';
import { ownTools, run, stopWhenAsked } from './processes.mjs';

stopWhenAsked((_child, signal) => signal);

if (!(await install())) {
  console.error('The dependencies could not be installed; npm says why above.');
  process.exit(1);
}
process.exit(await run(pinnedNode(), ['bench/server/main.ts', ...process.argv.slice(2)], { env: ownTools }));
