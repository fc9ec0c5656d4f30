/** Finding names by sound. */
import { expect, test } from 'vitest';
import type { Folded } from '../../../src/domain/kernel/fold.ts';
import { SearchIndex, searchKey } from '../../../src/replica/projection/search.ts';

const partner = (record: string, name: string, aliases: string[] = [], deleted = false): Folded => ({
  record, kind: 'partner', fields: { name, aliases }, heads: [], clashes: [], deleted, bornAt: 0, changedAt: 0, changedBy: '',
});
const index = new SearchIndex();
index.fill('partner', [
  partner('par_1', '海骏达集团', ['海俊达集团']), partner('par_2', '立夏姐姐'), partner('par_3', '单氏修理'), partner('par_4', '新海骏社'), partner('par_5', 'U咖啡'),
]);

test('[SE1] a name is found by its characters, its pinyin and its initials, in either case and with spaces', () => {
  for (const text of ['立夏', 'lixia', 'LIXIA', 'li xia', 'lxjj', 'xiajie']) expect(index.find('partner', text, 5)).toEqual(['par_2']);
  expect(index.find('partner', 'ukafei', 5)).toEqual(['par_5']);
});

test('[SE1] an alias finds its partner; a surname is read as one', () => {
  expect(index.find('partner', '海俊达', 5)).toEqual(['par_1']);
  expect(searchKey(['单氏修理'])).toContain('shan');
});

test('[SE2] names that start with the text come first, and no more than asked for', () => {
  expect(index.find('partner', '海骏', 5)).toEqual(['par_1', 'par_4']);
  expect(index.find('partner', '海骏', 1)).toEqual(['par_1']);
  expect(index.find('partner', ' ', 5)).toEqual([]);
});

test('[SE3] the list follows changes, deletions and returns', () => {
  const own = new SearchIndex();
  own.update('par_9', partner('par_9', '早于首次查找'));
  expect(own.has('partner')).toBe(false);
  own.fill('partner', [partner('par_1', '旧名')]);
  own.update('par_1', partner('par_1', '新名'));
  expect([own.find('partner', 'jiuming', 5), own.find('partner', 'xinming', 5)]).toEqual([[], ['par_1']]);
  own.update('par_1', partner('par_1', '新名', [], true));
  expect(own.find('partner', '新名', 5)).toEqual([]);
  own.update('par_1', partner('par_1', '新名'));
  own.update('par_1', undefined);
  expect(own.find('partner', '新名', 5)).toEqual([]);
});
