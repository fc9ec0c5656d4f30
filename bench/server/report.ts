/** The table: median (least–most) of each system, and how many times ours a yardstick takes. */
import { format } from '../node/report.ts';
import { median } from '../node/stats.ts';
import { systemNames, type SystemName } from './systems.ts';

export interface Row {
  readonly id: string;
  readonly what: string;
  readonly unit: string;
  /** Where more is better the ratio is turned round: it always says how many times better ours is. */
  readonly more?: boolean;
  readonly figures: Partial<Record<SystemName, readonly number[]>>;
}

export interface Settings {
  readonly rounds: number;
  readonly tablets: number;
  readonly rooms: number;
}

export interface Measure {
  readonly id: string;
  readonly title: string;
  run(settings: Settings): Promise<Row[]>;
}

function cell({ figures, more }: Row, name: SystemName): string {
  const samples = figures[name];
  if (!samples?.length) return '–';
  const shown = samples.length === 1 ? format(samples[0] ?? Number.NaN) : `${format(median(samples))} (${format(Math.min(...samples))}–${format(Math.max(...samples))})`;
  const own = figures.ours;
  if (name === 'ours' || !own?.length) return shown;
  const ratio = more ? median(own) / median(samples) : median(samples) / median(own);
  return `${shown} · ${format(ratio)}×`;
}

export function table(rows: readonly Row[]): string {
  return [
    '| measure | ours | stock 0.1.1 | Hocuspocus 4.7 |',
    '|---|---|---|---|',
    ...rows.map((row) => `| ${row.id} ${row.what}, ${row.unit} | ${systemNames.map((name) => cell(row, name)).join(' | ')} |`),
  ].join('\n');
}
