/** `npm run serve`: real work, no demo. docs/OPERATIONS.md, "Starting for real". Arguments reach the server. */
import { launch } from './launch.mjs';

await launch(process.argv.slice(2));
