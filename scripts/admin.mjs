/**
 * `npm run admin -- <command>`: see docs/OPERATIONS.md. LINHUO_DATA names the data folder, as for the server. Installs and
 * builds nothing: a running server must not be disturbed. Node 20, built-ins only.
 */
import { pinnedNode } from './prepare.mjs';
import { run, stopWhenAsked } from './processes.mjs';

stopWhenAsked((_child, signal) => signal);
process.exit(await run(pinnedNode(), ['server/admin.ts', ...process.argv.slice(2)]));
