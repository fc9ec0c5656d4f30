/** Times, money, hours and counts as they are said on the screen. */
import { expect, test } from 'vitest';
import * as times from '../../../src/lib/format/times.ts';
import * as amounts from '../../../src/lib/format/amounts.ts';
const at = (s: string) => Date.parse(s + '+08:00');
const now = at('2026-06-03T16:00:00');
test('[X2] times are said as people say them, in Beijing, whatever the zone of the device', () => {
  expect(times.sayTime(at('2026-06-03T14:20:05'), now, 'zh')).toBe('今天 14:20');
  expect(times.sayTime(now - 5000, now, 'zh')).toBe('刚刚');
  expect(times.sayTime(at('2026-06-02T23:59:00'), now, 'zh')).toBe('昨天');
  expect(times.sayTime(at('2026-05-31T23:59:00'), now, 'en')).toBe('3 days ago');
  expect(times.sayTime(at('2026-06-04T09:00:00'), now, 'en')).toBe('tomorrow 09:00');
  expect(times.sayTime(at('2026-05-01T09:00:00'), now, 'zh')).toBe('5月1日');
  expect(times.sayTime(at('2025-05-01T09:00:00'), now, 'en')).toBe('1 May 2025');
  expect(times.sayExactTime(at('2026-06-03T14:20:05'), 'zh')).toBe('2026年6月3日 14:20:05');
  expect(times.saySpan(at('2026-06-03T14:20:05'), at('2026-06-03T16:00:00'), now, 'zh')).toBe('今天 14:20–16:00');
  expect(times.saySpan(at('2026-06-03T22:00:00'), at('2026-06-04T01:00:00'), now, 'en')).toBe('today 22:00 – tomorrow 01:00');
  expect(times.sayMonth('2026-06', 'en')).toBe('June 2026'); expect(times.sayWeekday('2026-06-03', 'zh')).toBe('周三');
  expect(times.sayDuration(12 * 86400000, 'zh')).toBe('12 天'); expect(times.sayDuration(60000, 'en')).toBe('1 minute');
});
test('[X2] amounts are said exactly', () => {
  expect(amounts.sayMoney(123450)).toBe('¥1,234.50'); expect(amounts.sayMoney(-5)).toBe('−¥0.05'); expect(amounts.sayMoneyShort(24900000)).toBe('¥249,000');
  expect(amounts.sayMoney(Number.MAX_SAFE_INTEGER)).toBe('¥90,071,992,547,409.91');
  expect(amounts.sayHours(25, 'zh')).toBe('2.5 小时'); expect(amounts.sayHours(10, 'en')).toBe('1 hour'); expect(amounts.sayHours(-5, 'zh')).toBe('−0.5 小时');
  expect(amounts.sayMinor(2000, 2)).toBe('20'); expect(amounts.sayCount(1234567)).toBe('1,234,567'); expect(amounts.sayCount(100)).toBe('100');
  expect(amounts.parseMinor('1,234.50', 2)).toBe(123450); expect(amounts.parseMinor('２．５', 1)).toBe(25); expect(amounts.parseMinor('2。5', 1)).toBe(25);
  expect(amounts.parseMinor('2.55', 1)).toBe(undefined); expect(amounts.parseMinor('2.50', 1)).toBe(25); expect(amounts.parseMinor('', 0)).toBe(undefined); expect(amounts.parseMinor('.', 1)).toBe(undefined);
  expect(amounts.parseMinor('abc', 0)).toBe(undefined); expect(amounts.parseMinor('-3', 0)).toBe(-3); expect(amounts.parseMinor('99999999999999999', 0)).toBe(undefined); expect(amounts.parseMinor('0.1', 1)).toBe(1);
  expect(amounts.sayPercent(1, 0)).toBe('–'); expect(amounts.saySize(2600000)).toBe('2.6 MB'); expect(amounts.sayChange(12)).toBe('+12');
});
