import * as v from 'valibot';
import { expect, test } from 'vitest';
import { activityId, activityMonth, activityStartMs, attendanceId, hoursTenths } from '../../../../src/domain/activity/schema.ts';
import { amountFen, instant } from '../../../../src/domain/kernel/fields.ts';
import { createIdSource, idTail, idTimeMs } from '../../../../src/domain/kernel/ids.ts';
import { unreachable } from '../../../../src/domain/kernel/result.ts';
import { cleanText, codePoints } from '../../../../src/domain/kernel/text.ts';
import { addDays, addMonths, clockOf, dayOf, daysBetween, instantOf, isDay, isMonth, monthOf } from '../../../../src/domain/kernel/time.ts';
import { volunteerId } from '../../../../src/domain/people/schema.ts';

test('[ID1] ids sort by time, carry their time, and are not made twice when the clock jumps back', () => {
  let now = Date.UTC(2026, 4, 12);
  const ids = createIdSource('tab1', () => now);
  const made = [ids.newId('vis'), ids.newId('vis')];
  now += 1;
  made.push(ids.newId('vis'));
  now -= 60_000;
  made.push(ids.newId('vis'), ids.newId('vis'));
  expect(new Set(made).size).toBe(5);
  expect([...made].sort()).toEqual(made);
  expect(idTimeMs(made[0] ?? '')).toBe(Date.UTC(2026, 4, 12));
});

test('[ID2] an activity is its organiser and minute, an attendance its activity and person', () => {
  const startsAt = instantOf('2026-05-12', '14:00');
  const id = activityId('par_choir', startsAt);
  expect(activityId('par_choir', startsAt + 59_999)).toBe(id);
  expect(activityId('par_choir', startsAt + 60_000)).not.toBe(id);
  expect(activityStartMs(id)).toBe(startsAt);
  expect(activityMonth(activityId('par_choir', instantOf('2026-06-01', '00:30')))).toBe('2026-06');
  expect(attendanceId(id, 'SB0001')).toBe(`att_${idTail(id)}-SB0001`);
  expect(volunteerId('SB0001')).toBe('vol_SB0001');
});

test('[TX1] text is trimmed, composed, well-formed and cut by code point', () => {
  expect(cleanText('  e\u0301 ', 9)).toBe('é');
  expect(cleanText('a\ud842b', 9)).toBe('a\ufffdb');
  expect(cleanText('𠮷𠮷𠮷', 2)).toBe('𠮷𠮷');
  expect(cleanText('a\u0007\nb\tc', 9)).toBe('a\nb\tc');
  expect(codePoints('𠮷a')).toBe(2);
});

test('[TM1] days are Beijing days: the last minute of one and the first of the next', () => {
  const midnight = Date.UTC(2026, 4, 11, 16, 0);
  expect([dayOf(midnight - 1), dayOf(midnight), clockOf(midnight), monthOf(Date.UTC(2026, 3, 30, 16))]).toEqual(['2026-05-11', '2026-05-12', '00:00', '2026-05']);
  expect(instantOf('2026-05-12')).toBe(midnight);
  expect(instantOf('2026-05-12', '08:30')).toBe(midnight + 8.5 * 3_600_000);
  expect([addDays('2026-02-28', 1), addDays('2028-02-28', 1), addDays('2026-01-01', -1)]).toEqual(['2026-03-01', '2028-02-29', '2025-12-31']);
  expect([daysBetween('2026-02-27', '2026-03-02'), daysBetween('2026-03-02', '2026-02-27')]).toEqual([3, -3]);
  expect([addMonths('2026-12', 1), addMonths('2026-01', -1), addMonths('2026-05', -17)]).toEqual(['2027-01', '2025-12', '2024-12']);
  expect(['2026-02-28', '2026-02-29', '2026-2-1', '2026-13-01', 'today'].map(isDay)).toEqual([true, false, false, false, false]);
  expect(['2026-02', '2026-13', '2026-00', '2026'].map(isMonth)).toEqual([true, false, false, false]);
});

test('[NU1] a fraction of a fen, of a tenth of an hour, or a rubbish instant is refused', () => {
  expect([0, 1, 2_500_000].map((fen) => v.is(amountFen, fen))).toEqual([true, true, true]);
  expect([0.1, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '5'].map((fen) => v.is(amountFen, fen))).toEqual(Array(6).fill(false));
  expect([1, 25, 240].map((tenths) => v.is(hoursTenths, tenths))).toEqual([true, true, true]);
  expect([0, 2.5, 241, -3].map((tenths) => v.is(hoursTenths, tenths))).toEqual(Array(4).fill(false));
  expect([0, Date.UTC(1999, 0), Date.UTC(2200, 0), 1.5].map((at) => v.is(instant, at))).toEqual(Array(4).fill(false));
});

test('[HS2] a state the types exclude is a bug and says so', () => {
  expect(() => unreachable('x' as never)).toThrow('"x"');
});
