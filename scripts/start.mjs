/** `npm start`: the demo, whatever else is on the machine. Further arguments reach the server. */
import { launch } from './launch.mjs';

await launch(['--demo', ...process.argv.slice(2)]);
