/**
 * `npm run erase-backups -- file…`: see docs/OPERATIONS.md. LINHUO_DATA names the data folder that knows what was erased; a
 * server may be running on it. Installs and builds nothing. Node 20, built-ins only.
 */
import { pinnedNode } from './prepare.mjs';
import { run, stopWhenAsked } from './processes.mjs';

stopWhenAsked((_child, signal) => signal);
process.exit(await run(pinnedNode(), ['server/eraseBackups.ts', ...process.argv.slice(2)]));
