/**
 * `npm run bench:server`: the server's table, ours beside the stock y-websocket server and Hocuspocus, in one run.
 *
 *     npm run bench:server                      every measure, 1,000 tablets, three rounds
 *     npm run bench:server -- --quick           100 tablets, one round
 *     npm run bench:server -- --tablets=300     another number of tablets
 *     npm run bench:server -- --only=1,4        some measures
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { gate } from './measures/gate.ts';
import { idle } from './measures/idle.ts';
import { restart } from './measures/restart.ts';
import { theStorm } from './measures/storm.ts';
import { table, type Row, type Settings } from './report.ts';

const measures = [gate, theStorm, idle, restart];
const args = process.argv.slice(2);
const valueOf = (name: string): string | undefined => args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);

const unknown = args.find((arg) => arg !== '--quick' && !/^--tablets=\d+$/.test(arg) && !/^--only=\d+(,\d+)*$/.test(arg));
if (unknown !== undefined) {
  console.error(`${unknown} is no option. Try --quick, --tablets=300, or --only=1,4 with numbers from 1 to ${measures.length}.`);
  process.exit(2);
}
const quick = args.includes('--quick');
const only = valueOf('only')?.split(',');
const settings: Settings = { rounds: quick ? 1 : 3, tablets: Number(valueOf('tablets') ?? (quick ? 100 : 1_000)), rooms: quick ? 100 : 1_000 };

const load = (): string => loadavg()[0]?.toFixed(1) ?? '?';
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, load ${load()} · Node ${process.version}`;
console.log(`${machine}\nSimulated tablets share the machine with the server they talk to: read the ratios.\n`);

const startedAt = Date.now();
const rows: Row[] = [];
for (const measure of measures.filter(({ id }) => !only || only.includes(id))) {
  const from = performance.now();
  console.log(`${measure.id} ${measure.title} …`);
  const made = await measure.run(settings);
  rows.push(...made);
  console.log(`${table(made)}\n(${Math.round((performance.now() - from) / 1_000)} s, load ${load()})\n`);
}
if (rows.length > 1) console.log(table(rows));
const folder = fileURLToPath(new URL('../results', import.meta.url));
mkdirSync(folder, { recursive: true });
const file = `${folder}/server-${new Date(startedAt).toISOString().replaceAll(':', '-').slice(0, 19)}.json`;
writeFileSync(file, `${JSON.stringify({ startedAt, machine, args, rows }, null, 1)}\n`);
console.log(`\nSamples: ${file}`);
process.exit(0);
