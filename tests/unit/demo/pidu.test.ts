import { describe, expect, test } from 'vitest';
import type { Folded } from '../../../src/domain/kernel/fold.ts';
import { isGenerated } from '../../../server/demo/notebook.ts';
import { communityNames, districtPartnerRows, partnerRows, promisedFen, spaceRows } from '../../../server/demo/pidu.ts';
import { communities, seedCommunity } from '../../../server/demo/demo.ts';
import { instantOf } from '../../../src/domain/kernel/time.ts';
import { births, standing } from './everyFact.ts';

const now = instantOf('2026-11-23', '12:00');
const rosters = new Map(communities.map(({ slug }) => [slug, seedCommunity(slug, now).filter(({ room }) => room.family === 'roster')]));
const roster = (slug: string) => rosters.get(slug) ?? [];
const named = (partners: readonly Folded[], name: string): Folded | undefined => partners.find(({ fields }) => fields['name'] === name);

describe('what the account says', () => {
  test('ten communities', () => {
    expect(communities.map(({ name }) => name)).toEqual([
      '书院社区', '双柏社区', '蜀都新邨社区', '合兴社区', '伏龙社区', '岷阳社区', '菠萝社区', '奎星楼社区', '犀和社区', '大禹社区',
    ]);
    expect(communities.map(({ slug }) => slug)).toEqual(Object.keys(communityNames));
  });

  test('双柏: 224,000 yuan once, 25,000 a year, 249,000 in the first year', () => {
    expect(promisedFen('shuangbai')).toEqual({ oneOffFen: 224_000_00, yearlyFen: 25_000_00, firstYearFen: 249_000_00 });
  });

  test('the roster’s own records add up to the same', () => {
    const partners = standing(roster('shuangbai'), 'partner');
    const sum = (frequency: string) =>
      partners.filter(({ fields }) => fields['fundInFrequency'] === frequency).reduce((total, { fields }) => total + Number(fields['fundInFen']), 0);
    expect([sum('one_off'), sum('yearly')]).toEqual([22_400_000, 2_500_000]);
  });

  test('邻聚e站 owes 4 activities a month, 48 a year', () => {
    const tenant = standing(roster('shuangbai'), 'partner').find(({ record }) => record === 'par_linju');
    expect([tenant?.fields['activityQuota'], tenant?.fields['activityQuotaPer']]).toEqual([4, 'month']);
    expect(Number(tenant?.fields['activityQuota']) * 12).toBe(48);
  });

  test('海骏达 is one partner under three spellings, 沐言 under two', () => {
    expect(named(standing(roster('shuangbai'), 'partner'), '海骏达集团')?.fields['aliases']).toEqual(['海骏达集体', '海俊达集团']);
    expect(named(standing(roster('shuyuan'), 'partner'), '沐言咖啡')?.fields['aliases']).toEqual(['沐言书咖']);
  });

  test('合兴 has 17 self-organised groups, named by us and marked so', () => {
    const groups = births(roster('hexing'), 'partner').filter(({ set }) => set['type'] === 'community_group');
    expect(groups).toHaveLength(17);
    expect(groups.every(({ id, set }) => isGenerated(id) && String(set['name']).startsWith('合兴自组织'))).toBe(true);
  });

  test('大禹’s three spaces stand with their tenants, and the pairing is marked as inferred', () => {
    const partners = standing(roster('dayu'), 'partner');
    expect(spaceRows.dayu.map(({ name, operator }) => [name, partners.find(({ record }) => record === operator)?.fields['name']])).toEqual([
      ['禹邻汇', '爱家公益'], ['悦众空间', '咖啡地带(甜漫时光)'], ['红房子', '随心手'],
    ]);
    for (const { operator } of spaceRows.dayu) expect(partners.find(({ record }) => record === operator)?.fields['inferred']).toBe(true);
  });

  test('犀和’s 3331模式 is quoted and not explained', () => {
    expect(spaceRows.xihe[0]?.terms).toBe('“3331模式”，数据化精准服务。');
  });

  test('partners without a community stand in every roster, once by id, as prospects', () => {
    for (const { slug } of communities) {
      const partners = standing(roster(slug), 'partner');
      for (const row of districtPartnerRows) expect(partners.find(({ record }) => record === row.id)?.fields['stage']).toBe('prospect');
    }
    const own = new Set(Object.values(partnerRows).flat().map((row) => row.id));
    expect(districtPartnerRows.filter((row) => own.has(row.id))).toEqual([]);
  });

  test('stays apart from what we made up: a source partner’s birth carries the source’s tag', () => {
    for (const [slug, rows] of Object.entries(partnerRows)) {
      const born = new Map(births(roster(slug), 'partner').map((fact) => [fact.record, fact.id]));
      for (const row of rows) expect(isGenerated(born.get(row.id) ?? 'gen1-0')).toBe(false);
    }
  });

  test('every inferred field is named in the partner’s note', () => {
    for (const { slug } of communities)
      for (const { fields } of standing(roster(slug), 'partner')) expect(fields['inferred'] === true).toBe(String(fields['note'] ?? '').includes('由我们推断'));
  });
});
