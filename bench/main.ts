/**
 * `npm run bench`: the tablet's table, ours beside PouchDB 9, the stock Yjs stack and plain Dexie, in one run.
 *
 *     npm run bench                     every measure, as docs/PERFORMANCE.md shows it
 *     npm run bench -- --quick          small numbers and few rounds: does it run, where are we roughly
 *     npm run bench -- --only=1,4       some measures
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { launch } from './node/browser.ts';
import { balances } from './node/measures/balances.ts';
import { day } from './node/measures/day.ts';
import { firstSync } from './node/measures/firstSync.ts';
import { importing } from './node/measures/importing.ts';
import { merge } from './node/measures/merge.ts';
import { posting } from './node/measures/posting.ts';
import { reads } from './node/measures/reads.ts';
import { redeeming } from './node/measures/redeeming.ts';
import { saves } from './node/measures/saves.ts';
import { sealing } from './node/measures/sealing.ts';
import { search } from './node/measures/search.ts';
import { stall } from './node/measures/stall.ts';
import { tenYears } from './node/measures/tenYears.ts';
import { visible } from './node/measures/visible.ts';
import { weight } from './node/measures/weight.ts';
import { buildPage, servePage } from './node/pages.ts';
import { table, type Measure, type Row } from './node/report.ts';

const measures: readonly Measure[] = [
  saves, visible, merge, reads, tenYears, firstSync, stall, search, weight, sealing, importing, day,
  redeeming, posting, balances,
];
const idsOf = ({ id }: Measure): string[] => id.split(',');

function fail(reason: string): never {
  console.error(reason);
  process.exit(2);
}

const args = process.argv.slice(2);
const unknown = args.find((arg) => arg !== '--quick' && !/^--only=\d+(,\d+)*$/.test(arg));
if (unknown !== undefined) fail(`${unknown} is no option. Try --quick, or --only=1,4 with numbers from ${measures.flatMap(idsOf).join(', ')}.`);
const quick = args.includes('--quick');
const only = args.find((arg) => arg.startsWith('--only='))?.slice('--only='.length).split(',');
const chosen = measures.filter((measure) => !only || idsOf(measure).some((id) => only.includes(id)));
if (chosen.length === 0) fail(`There is no measure ${only?.join(', ') ?? ''}. Its numbers are ${measures.flatMap(idsOf).join(', ')}.`);

async function machine(): Promise<string> {
  const browser = await launch();
  const version = browser.version();
  await browser.close();
  return `${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, ${Math.round(totalmem() / 1e9)} GB, load ${loadavg()[0]?.toFixed(1) ?? '?'} · Chromium ${version} · Node ${process.version}`;
}

/** A page that failed inside never answers; the others are measured all the same. */
const measureMaxMs = 15 * 60_000;

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms / 60_000} minutes`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

const app = await buildPage();
const pages = await servePage(app);
const started = Date.now();
const where = await machine();
console.log(`${where}\n`);

const rows: Row[] = [];
const failures: string[] = [];
for (const measure of chosen) {
  const from = Date.now();
  console.log(`${measure.id} ${measure.title} …`);
  try {
    const made = await within(measureMaxMs, measure.run({ app, pageOrigin: pages.origin, build: fileURLToPath(new URL('../build', import.meta.url)), quick, now: started }));
    rows.push(...made);
    console.log(`${table(made)}\n(${Math.round((Date.now() - from) / 1_000)} s, load ${loadavg()[0]?.toFixed(1) ?? '?'})\n`);
  } catch (error) {
    failures.push(measure.id);
    console.error(`${measure.id} could not be measured: ${error instanceof Error ? error.stack : String(error)}`);
  }
}
pages.close();

if (chosen.length > 1) console.log(table(rows));
const folder = fileURLToPath(new URL('./results', import.meta.url));
mkdirSync(folder, { recursive: true });
const file = `${folder}/${new Date(started).toISOString().replaceAll(':', '-').slice(0, 19)}.json`;
writeFileSync(file, `${JSON.stringify({ startedAt: started, machine: where, args, rows }, null, 1)}\n`);
console.log(`\nSamples: ${file}`);
if (failures.length > 0) fail(`Not measured: ${failures.join(', ')}.`);
process.exit(0);
