/** A row of the table: ours and the yardsticks side by side, the target beside them, and by how much it is missed. */
import { median } from './stats.ts';
import type { System } from '../calls.ts';

export type Unit = 'ms' | 'MB' | 'kB' | '';

export interface Row {
  /** The measure's number, as `--only` takes it. */
  readonly id: string;
  readonly what: string;
  readonly unit: Unit;
  /** At most this; none where a figure only explains another. */
  readonly target?: number;
  /** Samples; their median is what the table shows. */
  readonly figures: Partial<Record<System, readonly number[]>>;
  readonly note?: string;
}

/** What a measure needs to know of its run. */
export interface World {
  /** Folder of the built bench page. */
  readonly app: string;
  /** The same page for the yardsticks, without our server. */
  readonly pageOrigin: string;
  /** Folder of the built app. */
  readonly build: string;
  readonly quick: boolean;
  readonly now: number;
}

export interface Measure {
  readonly id: string;
  readonly title: string;
  run(world: World): Promise<Row[]>;
}

const yardsticks = ['pouch', 'stock', 'dexie'] as const;

export function format(value: number): string {
  if (Number.isNaN(value)) return '–';
  if (value >= 1_000) return Math.round(value).toLocaleString('en');
  if (value >= 100 || Number.isInteger(value)) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function figure(samples: readonly number[] | undefined): string {
  if (!samples || samples.length === 0) return '–';
  if (samples.length === 1) return format(samples[0] ?? Number.NaN);
  return `${format(median(samples))} (${format(Math.min(...samples))}–${format(Math.max(...samples))})`;
}

/** How many times ours a yardstick takes; empty where ours is nothing to divide by. */
function ratio(ours: readonly number[] | undefined, theirs: readonly number[] | undefined): string {
  if (!ours?.length || !theirs?.length || median(ours) === 0) return '';
  return ` · ${format(median(theirs) / median(ours))}×`;
}

export function missedBy({ target, figures }: Row): string {
  const ours = figures.ours;
  if (target === undefined || !ours?.length) return '';
  const value = median(ours);
  if (value <= target) return 'met';
  return target === 0 ? format(value) : `missed by ${format(value - target)} (${format(value / target)}×)`;
}

const header = ['measure', 'ours', 'target', '', 'PouchDB 9', 'stock y-stack', 'plain Dexie'] as const;

/** A Markdown table: median (least–most) · ratio to ours. */
export function table(rows: readonly Row[]): string {
  const lines = rows.map((row) => [
    `${row.id} ${row.what}${row.unit ? `, ${row.unit}` : ''}`,
    figure(row.figures.ours),
    row.target === undefined ? '' : `≤ ${format(row.target)}`,
    missedBy(row),
    ...yardsticks.map((system) => figure(row.figures[system]) + ratio(row.figures.ours, row.figures[system])),
  ]);
  const notes = rows.filter(({ note }) => note).map(({ id, what, note }) => `- ${id} ${what}: ${note}`);
  return [
    `| ${header.join(' | ')} |`,
    `|${header.map(() => '---').join('|')}|`,
    ...lines.map((cells) => `| ${cells.join(' | ')} |`),
    ...(notes.length > 0 ? ['', ...notes] : []),
  ].join('\n');
}
