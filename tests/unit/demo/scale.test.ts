import { expect, test } from 'vitest';
import { instantOf } from '../../../src/domain/kernel/time.ts';
import { generateRecords, scaleCommunity, scaleMin } from '../../../server/demo/scale.ts';
import { births, factsIn, faultsOf } from './everyFact.ts';

const now = instantOf('2026-11-23', '12:00');

test.each([scaleMin, 1_000, 10_000, 50_000])('%i records are exactly so many, all valid, in a year of rooms', (count) => {
  const rooms = generateRecords(count, 'bench', now);
  expect(new Set(factsIn(rooms).map((fact) => fact.record)).size).toBe(count);
  expect(factsIn(rooms)).toHaveLength(count);
  expect(faultsOf(scaleCommunity, rooms)).toEqual([]);
  expect(factsIn(rooms).filter((fact) => fact.at > now)).toEqual([]);
  expect(new Set(rooms.flatMap(({ room }) => room.month ?? [])).size).toBe(13);
  expect(births(rooms, 'attendance').length / count).toBeGreaterThan(0.35);
  expect(births(rooms, 'pointsEntry').length / count).toBeGreaterThan(0.25);
}, 60_000);

test('an entry names the attendance it pays and the fact that stated the hours', () => {
  const rooms = generateRecords(1_000, 'bench', now);
  const attendances = new Map(births(rooms, 'attendance').map((fact) => [fact.record, fact]));
  const rules = new Set(births(rooms, 'pointsRule').map((fact) => fact.record));
  for (const { set } of births(rooms, 'pointsEntry')) {
    expect(attendances.get(String(set['attendance']))?.id).toBe(set['fact']);
    expect(rules).toContain(set['rule']);
  }
});

test('count and seed decide every byte', () => {
  const once = JSON.stringify(generateRecords(2_000, 7, now));
  expect(JSON.stringify(generateRecords(2_000, 7, now))).toBe(once);
  expect(JSON.stringify(generateRecords(2_000, 8, now))).not.toBe(once);
});

test('too few to make a community are refused', () => {
  expect(() => generateRecords(scaleMin - 1, 1, now)).toThrow(/at least/);
});
