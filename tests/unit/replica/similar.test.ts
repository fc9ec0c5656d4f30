/** Finding what a name may already stand for: the blocks leave nothing out that the likeness would find. */
import { expect, test } from 'vitest';
import { likeness, comparedKinds } from '../../../src/domain/duplicates/compared.ts';
import { threshold } from '../../../src/domain/duplicates/likeness.ts';
import type { Fields } from '../../../src/domain/kernel/fact.ts';
import type { Folded } from '../../../src/domain/kernel/fold.ts';
import { SimilarIndex, speak } from '../../../src/replica/projection/similar.ts';
import { keptAside, lookedAt } from '../../support/duplicatePairs.ts';

const folded = (record: string, kind: string, fields: Fields, deleted = false): Folded => ({ record, kind, fields, heads: [], clashes: [], deleted, bornAt: 0, changedAt: 0, changedBy: '' });
const nowhere = (): undefined => undefined;
const ids = (index: SimilarIndex, kind: string, fields: Fields): string[] => index.find(kind, fields, 9).map(({ id }) => id);

test('[PT3] what a name may already stand for is found with its reasons, most alike first', () => {
  const index = new SimilarIndex();
  index.fill('partner', [
    folded('par_1', 'partner', { name: '海骏达集团' }), folded('par_2', 'partner', { name: '沐言咖啡', aliases: ['老友书吧'] }),
    folded('par_3', 'partner', { name: '双柏社区合唱队' }), folded('par_4', 'partner', { name: '海俊达集团' }),
  ]);
  expect(index.find('partner', { name: '海骏达集体' }, 5)).toEqual([
    { id: 'par_1', score: 1, reasons: ['core'] },
    { id: 'par_4', score: expect.closeTo(0.95), reasons: ['sound'] },
  ]);
  expect(index.find('partner', { name: '老友书吧' }, 5)).toEqual([{ id: 'par_2', score: 1, reasons: ['alias', 'same'] }]);
  expect(ids(index, 'partner', { name: '沐言书咖' })).toEqual(['par_2']);
  expect(ids(index, 'partner', { name: '双柏社区舞蹈队' })).toEqual([]);
  expect(index.find('partner', { name: '海骏达集体' }, 1)).toHaveLength(1);
});

test('[PT3, DU5] residents are compared at their door and by their telephone, volunteers within their grid', () => {
  const index = new SimilarIndex();
  index.fill('resident', [folded('res_1', 'resident', { grid: 'g1', household: 'hou_1', name: '王芳' }), folded('res_2', 'resident', { grid: 'g1', household: 'hou_2', name: '王芳', phone: '13800138000' })]);
  expect(ids(index, 'resident', { name: '王方', household: 'hou_1' })).toEqual(['res_1']);
  expect(ids(index, 'resident', { name: '王芳', household: 'hou_9' })).toEqual([]);
  expect(index.find('resident', { name: '王芳', household: 'hou_9', phone: '138 0013 8000' }, 5)).toEqual([{ id: 'res_2', score: 1, reasons: ['same', 'phone'] }]);
  index.fill('volunteer', [folded('vol_1', 'volunteer', { grid: 'g1', number: 'A1', name: '李秀兰' })]);
  expect(ids(index, 'volunteer', { name: '李秀兰', grid: 'g1' })).toEqual(['vol_1']);
  expect(ids(index, 'volunteer', { name: '李秀兰', grid: 'g2' })).toEqual([]);
});

test('[DU17] a door that is being typed is compared with those of its grid, with its building chosen or typed', () => {
  const index = new SimilarIndex();
  const records = [
    folded('bld_1', 'building', { grid: 'g1', courtyard: '银杏苑', name: '3栋' }), folded('bld_2', 'building', { grid: 'g2', courtyard: '银杏苑', name: '3栋' }),
    folded('hou_1', 'household', { grid: 'g1', building: 'bld_1', unit: 2, floor: 5, door: '501' }), folded('hou_2', 'household', { grid: 'g2', building: 'bld_2', unit: 2, floor: 5, door: '501' }),
  ];
  const room = { name: 'people', every: (kind: string) => records.filter((each) => each.kind === kind), find: (record: string) => records.find((each) => each.record === record) };
  for (const kind of ['building', 'household']) index.fill(kind, []);
  index.join(room);
  const alike = (kind: string, fields: Fields) => index.find(kind, fields, 9, room).map(({ id }) => id);
  expect(alike('building', { grid: 'g1', courtyard: '銀杏苑', name: '三号楼' })).toEqual(['bld_1']);
  expect(alike('household', { grid: 'g1', building: 'bld_1', unit: 2, door: '５Ｏ１室' })).toEqual(['hou_1']);
  expect(alike('household', { grid: 'g1', building: '银杏苑 三号楼', unit: 2, door: '501' })).toEqual(['hou_1']);
  expect(alike('household', { grid: 'g1', building: 'bld_1', unit: 2, door: '502' })).toEqual([]);
});

test('[SE3] the list follows changes, deletions, returns and rooms that leave', () => {
  const index = new SimilarIndex();
  index.fill('partner', []);
  index.update('par_1', folded('par_1', 'partner', { name: '好吃兔' }));
  expect(ids(index, 'partner', { name: '好吃免' })).toEqual(['par_1']);
  index.update('par_1', folded('par_1', 'partner', { name: '渔夫小镇' }));
  expect(ids(index, 'partner', { name: '好吃免' })).toEqual([]);
  expect(ids(index, 'partner', { name: '鱼夫小镇' })).toEqual(['par_1']);
  index.update('par_1', folded('par_1', 'partner', { name: '渔夫小镇' }, true));
  expect(ids(index, 'partner', { name: '鱼夫小镇' })).toEqual([]);
  index.update('par_1', folded('par_1', 'partner', { name: '渔夫小镇' }));
  index.leave({ records: () => ['par_1'] });
  expect(ids(index, 'partner', { name: '鱼夫小镇' })).toEqual([]);
  const late = folded('par_2', 'partner', { name: '渔夫小镇' });
  index.join({ name: 'late', every: () => [late], find: () => late });
  expect(ids(index, 'partner', { name: '鱼夫小镇' })).toEqual(['par_2']);
});

test('[PT3] every labelled pair of partners that is like enough is found from either side', () => {
  const compare = comparedKinds['partner'];
  const lost: string[] = [];
  for (const { one, other } of [...lookedAt.partners, ...keptAside.partners]) {
    for (const [typed, known] of [[one, other], [other, one]] as const) {
      if (!compare || likeness(compare({ name: typed }, speak, nowhere), compare({ name: known }, speak, nowhere)).score < threshold) continue;
      const index = new SimilarIndex();
      index.fill('partner', [folded('par_1', 'partner', { name: known })]);
      if (ids(index, 'partner', { name: typed }).length === 0) lost.push(`${typed}/${known}`);
    }
  }
  expect(lost).toEqual([]);
});
