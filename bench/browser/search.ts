/** Finding people by name, pinyin and initials: through the worker, and the index alone over any number of names. */
import { personName } from '../../server/demo/names.ts';
import { randomOf } from '../../server/demo/random.ts';
import type { Folded } from '../../src/domain/kernel/fold.ts';
import { SearchIndex } from '../../src/replica/projection/search.ts';
import type { SearchTimes } from '../calls.ts';
import { rounds, timed } from './clock.ts';

const texts = {
  name: ['王', '李秀英', '桂芳', '陈晓琴', '刘'],
  pinyin: ['wang', 'lixiuying', 'guifang', 'chenxiaoqin', 'liu'],
  initials: ['wx', 'lxy', 'zgf', 'cxq', 'lsf'],
} as const;
const limit = 20;

export async function searchTimes(find: (text: string) => Promise<unknown>, entries: number): Promise<SearchTimes> {
  const first = await timed(() => find('杨'));
  const times = (group: readonly string[]): Promise<number[]> => rounds(group.length * 3, (round) => find(group[round % group.length] ?? ''), 2);
  return { entries, first, name: await times(texts.name), pinyin: await times(texts.pinyin), initials: await times(texts.initials) };
}

export function searchAlone(entries: number): Promise<SearchTimes> {
  const random = randomOf('search', entries);
  const people = Array.from({ length: entries }, (_, index): Folded => {
    const number = `BE${String(index).padStart(6, '0')}`;
    return {
      record: `vol_${number}`, kind: 'volunteer', fields: { grid: 'g01', number, name: personName(random) }, heads: [], clashes: [], deleted: false,
      bornAt: 0, changedAt: 0, changedBy: '',
    };
  });
  const index = new SearchIndex();
  return searchTimes(async (text) => {
    if (!index.has('volunteer')) index.fill('volunteer', people);
    return index.find('volunteer', text, limit);
  }, entries);
}
