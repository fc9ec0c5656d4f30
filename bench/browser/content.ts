/** What a device shows of the doors, in a form that two devices can compare whatever they store it in. */
import type { Content } from '../calls.ts';

export interface Shown {
  readonly id: string;
  readonly heads: number;
  /** Values of `heads` that are listed as a clash. */
  readonly listed?: readonly number[];
  /** Everything else that is shown, as text. */
  readonly rest: string;
}

export async function contentOf(doors: readonly Shown[]): Promise<Content> {
  const sorted = [...doors].sort((a, b) => (a.id < b.id ? -1 : 1));
  const shown: Record<string, number> = {};
  const listed: Record<string, number> = {};
  for (const door of sorted) {
    shown[door.heads] = (shown[door.heads] ?? 0) + 1;
    for (const value of door.listed ?? []) listed[value] = (listed[value] ?? 0) + 1;
  }
  const bytes = new TextEncoder().encode(JSON.stringify(sorted));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return { hash: [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join(''), records: sorted.length, shown, listed };
}
