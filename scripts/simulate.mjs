/**
 * `npm run simulate`: installs what the simulation needs and runs it. SEED replays one world and prints what happened in it;
 * RUNS, STEPS, TABLETS and HOURS change how much is tried. Node 20, built-ins only.
 */
import { install } from './prepare.mjs';
import { run, stopWhenAsked } from './processes.mjs';

stopWhenAsked((_child, signal) => signal);

if (!(await install())) {
  console.error('The dependencies could not be installed; npm says why above.');
  process.exit(1);
}
process.exit(await run('vitest', ['run', 'tests/simulation/simulate.test.ts', ...process.argv.slice(2), '--disable-console-intercept']));
