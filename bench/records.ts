/**
 * The records every system is measured on. Ours gets them as facts from the server; the yardsticks as the flat documents
 * one would write for them, with the same fields and the two keys their lists and totals need.
 */
import { generateRecords, scaleGrids } from '../server/demo/scale.ts';
import { createNotebook, generatedTag, laneFrom } from '../server/demo/notebook.ts';
import type { Fact, Value } from '../src/domain/kernel/fact.ts';
import type { RoomAddress } from '../src/domain/kernel/room.ts';
import { dayMs } from '../src/domain/kernel/time.ts';
import { kindNamed } from '../src/domain/kinds.ts';
import { redeemedAccount, volunteerAccount } from '../src/domain/points/accounts.ts';
import { moveId } from '../src/domain/redemption/ids.ts';
import { formatRoomName } from '../src/protocol/roomName.ts';

export interface Doc {
  readonly id: string;
  readonly kind: string;
  /** Lists run newest first by this. */
  readonly order: number;
  readonly holder: string;
  readonly [field: string]: Value;
}

export interface RoomFacts {
  readonly room: RoomAddress;
  readonly facts: Fact[];
}

const seed = 'bench';

export const recordsOf = (count: number, now: number): RoomFacts[] => generateRecords(count, seed, now);

/**
 * `count` records for each of `years` years: months differ from year to year, roster and people are those of the last one.
 * Every year numbers its facts alike, which is no matter while no two of them stand in one room.
 */
export function yearsOf(years: number, count: number, now: number): RoomFacts[] {
  const rooms = recordsOf(count, now);
  const held = new Set(rooms.map(({ room }) => formatRoomName(room)));
  for (let year = 1; year < years; year += 1)
    for (const page of recordsOf(count, now - year * 365 * dayMs)) {
      const name = formatRoomName(page.room);
      if (page.room.month === undefined || held.has(name)) continue;
      held.add(name);
      rooms.push(page);
    }
  return rooms;
}

export const docsOf = (rooms: readonly RoomFacts[]): Doc[] => rooms.flatMap(({ facts }) => facts.map(docOf));

function docOf({ record, kind, set, at }: Fact): Doc {
  const declared = kindNamed(kind);
  return { ...set, id: record, kind, order: declared?.order?.(set) ?? at, holder: declared?.holder?.(set) ?? '' };
}

export const doorsCommunity = 'doors';
const doorsPerBuilding = 40;

/** `count` households in nine grids: what two tablets edit apart. `now` only dates them. */
export function doorsOf(count: number, now: number): RoomFacts[] {
  const notebook = createNotebook(doorsCommunity);
  const stamp = { by: 'per_doors-super', at: now - 86_400_000, lane: laneFrom(generatedTag, 0) };
  notebook.birth('community', { name: '测速小区', district: '测速区', residents: count * 3 }, stamp, `com_${doorsCommunity}`);
  scaleGrids.forEach((code, index) => notebook.birth('grid', { code, name: `第${index + 1}网格`, rank: index + 1 }, stamp));
  for (let index = 0, building = ''; index < count; index += 1) {
    const nth = Math.floor(index / doorsPerBuilding);
    const grid = scaleGrids[nth % scaleGrids.length] ?? '';
    if (index % doorsPerBuilding === 0) building = notebook.birth('building', { grid, name: `${nth + 1}栋`, rank: nth + 1 }, stamp, `bld_${nth + 1}`).record;
    const door = index % doorsPerBuilding;
    const floor = 1 + (door >> 2);
    const fields = { grid, building, unit: 1, floor, door: `${floor}0${1 + (door & 3)}`, heads: 1 + (index % 5) };
    notebook.birth('household', fields, stamp, `hou_${String(index).padStart(6, '0')}`);
  }
  return notebook.rooms();
}

export const doorDocs = (count: number, now: number): Doc[] => docsOf(doorsOf(count, now)).filter(({ kind }) => kind === 'household');

export const ledgerCommunity = 'ledger';
/** Of so many lines of a ledger one is a redemption, the others are entries for service. */
const linesPerRedemption = 5;

/** A year of ledgers with `count` lines in all, and no log that the authority would compare them with. */
export function ledgersOf(count: number, now: number): RoomFacts[] {
  const redemptions = Math.floor(count / linesPerRedemption);
  const notebook = createNotebook(ledgerCommunity);
  const stamp = { by: 'per_ledger-super', at: now - dayMs, lane: laneFrom(generatedTag, 0) };
  notebook.birth('community', { name: '测速账本', district: '测速区', residents: count / 10 }, stamp, `com_${ledgerCommunity}`);
  // A third of the records are entries; of those that are too many the first ones are left.
  const entries = recordsOf(count * 4, now).filter(({ room }) => room.family === 'ledger').flatMap(({ facts }) => facts).slice(0, count - redemptions);
  entries.forEach(({ set, record, at }, index) => {
    notebook.birth('pointsEntry', set, { ...stamp, at }, record);
    if (index % (linesPerRedemption - 1) > 0) return;
    const month = String(set['occurredOn']).slice(0, 7);
    const volunteer = String(set['volunteer']);
    const move = { month, volunteer, points: 1, debit: volunteerAccount(volunteer), credit: redeemedAccount('shopdev'), reason: 'redeemed', occurredOn: set['occurredOn'] ?? '' };
    notebook.birth('pointsMove', move, { ...stamp, at }, moveId(month, 'shopdev.1', index));
  });
  return notebook.rooms();
}
