import { clockOf, dayOf, daysBetween, minuteMs } from '$domain/kernel/time.ts';

/** Which language to speak. The same two letters as the screens use, without depending on them. */
export type Tongue = 'zh' | 'en';

const monthsEn = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const weekdaysZh = ['周日', '周一', '周二', '周三', '周四', '周五', '周六'];
const weekdaysEn = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

function partsOf(day: string): { year: number; month: number; date: number } {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return { year, month, date };
}

/** `YYYY-MM-DD` in full: 2026年6月3日, 3 June 2026. */
export function sayDate(day: string, tongue: Tongue): string {
  const { year, month, date } = partsOf(day);
  return tongue === 'zh' ? `${year}年${month}月${date}日` : `${date} ${monthsEn[month - 1]} ${year}`;
}

/** Without the year where it is this one: 6月3日, 3 June. */
export function sayShortDate(day: string, today: string, tongue: Tongue): string {
  const { year, month, date } = partsOf(day);
  if (year !== partsOf(today).year) return sayDate(day, tongue);
  return tongue === 'zh' ? `${month}月${date}日` : `${date} ${monthsEn[month - 1]}`;
}

export function sayWeekday(day: string, tongue: Tongue): string {
  const index = new Date(`${day}T00:00:00Z`).getUTCDay();
  return (tongue === 'zh' ? weekdaysZh : weekdaysEn)[index] ?? '';
}

/** `YYYY-MM`: 2026年6月, June 2026. */
export function sayMonth(month: string, tongue: Tongue): string {
  const { year, month: number } = partsOf(month);
  return tongue === 'zh' ? `${year}年${number}月` : `${monthsEn[number - 1]} ${year}`;
}

/** A calendar day as seen from `today`: 今天, 昨天, 3 天前, 明天, 3 天后; beyond six days its date. */
export function sayDay(day: string, today: string, tongue: Tongue): string {
  const away = daysBetween(today, day);
  if (Math.abs(away) > 6) return sayShortDate(day, today, tongue);
  if (tongue === 'zh') {
    const near = { '-1': '昨天', '0': '今天', '1': '明天' }[String(away)];
    return near ?? (away < 0 ? `${-away} 天前` : `${away} 天后`);
  }
  const near = { '-1': 'yesterday', '0': 'today', '1': 'tomorrow' }[String(away)];
  return near ?? (away < 0 ? `${-away} days ago` : `in ${away} days`);
}

/** An instant as seen from `now`: 刚刚, 今天 14:20, 昨天, 3 天前, 明天 09:00, 6月3日. What lies ahead keeps its clock. */
export function sayTime(at: number, now: number, tongue: Tongue): string {
  if (at <= now && now - at < minuteMs) return tongue === 'zh' ? '刚刚' : 'just now';
  const day = dayOf(at);
  const today = dayOf(now);
  const said = sayDay(day, today, tongue);
  return day >= today ? `${said} ${clockOf(at)}` : said;
}

/** To the second, for whoever taps a time: 2026年6月3日 14:20:05. */
export function sayExactTime(at: number, tongue: Tongue): string {
  const seconds = String(Math.floor(at / 1000) % 60).padStart(2, '0');
  const clock = `${clockOf(at)}:${seconds}`;
  return tongue === 'zh' ? `${sayDate(dayOf(at), tongue)} ${clock}` : `${sayDate(dayOf(at), tongue)}, ${clock}`;
}

/** `[startsAt, endsAt)`: 今天 14:20–16:00, 6月3日 22:00 – 6月4日 01:00. */
export function saySpan(startsAt: number, endsAt: number, now: number, tongue: Tongue): string {
  const today = dayOf(now);
  const first = dayOf(startsAt);
  const last = dayOf(endsAt);
  const opening = `${sayDay(first, today, tongue)} ${clockOf(startsAt)}`;
  return first === last ? `${opening}–${clockOf(endsAt)}` : `${opening} – ${sayDay(last, today, tongue)} ${clockOf(endsAt)}`;
}

/** How long something took or is overdue, in its largest fitting unit: 40 分钟, 3 小时, 12 天. */
export function sayDuration(ms: number, tongue: Tongue): string {
  const minutes = Math.max(0, Math.round(ms / minuteMs));
  const [count, zh, en] =
    minutes < 60 ? [minutes, '分钟', 'minute'] as const
    : minutes < 48 * 60 ? [Math.round(minutes / 60), '小时', 'hour'] as const
    : [Math.round(minutes / 1440), '天', 'day'] as const;
  return tongue === 'zh' ? `${count} ${zh}` : `${count} ${en}${count === 1 ? '' : 's'}`;
}
