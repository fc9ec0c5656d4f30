/** Which names are taken for one, which are not, and how often that is right on the labelled list. */
import { describe, expect, test } from 'vitest';
import { likenessOfPartners, partnerKeys, threshold, type Likeness } from '../../../../src/domain/duplicates/likeness.ts';
import { speak } from '../../../../src/replica/projection/similar.ts';
import { keptAside, labelledPairs, lookedAt } from '../../../support/duplicatePairs.ts';
import { likenessOf, measure } from '../../../support/likenessOf.ts';

const partners = (one: string, other: string): Likeness => likenessOf.partners(one, other);
const people = (one: string, other: string): Likeness => likenessOf.people(one, other);
const doors = (one: string, other: string): Likeness => likenessOf.doors(one, other);
const aliased = (one: readonly string[], other: readonly string[]): Likeness => likenessOfPartners(partnerKeys(one, speak), partnerKeys(other, speak));
const kinds = ['partners', 'people', 'doors'] as const;

describe('names', () => {
  test('[DU1] width, case, spaces, punctuation, lookalikes and traditional characters make no difference', () => {
    for (const [one, other] of [['Ｕ 咖啡', 'u咖啡'], ['海駿達集團', '海骏达集团'], ['明德·慈佑', '明德慈佑'], ['ВLOСK街区', 'block街区'], ['蜀都新邨', '蜀都新村']] as const) {
      expect(partners(one, other)).toEqual({ score: 1, reasons: ['same'] });
    }
  });

  test('[DU2] the names of 郫都 that are one are found, without their aliases being known', () => {
    expect(partners('海骏达集体', '海骏达集团')).toEqual({ score: 1, reasons: ['core'] });
    expect(partners('海骏达集体', '海俊达集团').reasons).toEqual(['sound']);
    expect(partners('海骏达集团', '海俊达集团').score).toBeGreaterThan(threshold);
    expect(partners('沐言咖啡', '沐言书咖')).toEqual({ score: 1, reasons: ['core'] });
  });

  test('[DU2] generic words of two classes are two: the choir of a community is not its dancers', () => {
    for (const [one, other] of [['双柏社区合唱队', '双柏社区舞蹈队'], ['沐言咖啡', '沐言茶馆'], ['海骏达集团', '海骏达物业']] as const) expect(partners(one, other).score).toBeLessThan(threshold);
  });

  test('[DU2] an alias speaks for its partner, and the reason says so', () => {
    expect(aliased(['沐言咖啡', '老友书吧'], ['老友书吧'])).toEqual({ score: 1, reasons: ['alias', 'same'] });
    expect(aliased(['咖啡地带(甜漫时光)'], ['甜慢时光']).reasons).toEqual(['alias', 'sound']);
  });

  test('[DU3] what sounds or looks alike is forgiven, another character is not in a short name', () => {
    expect(partners('好吃兔', '好吃免').reasons).toEqual(['typo']);
    expect(partners('龙城烘焙', '农成烘焙').reasons).toEqual(['sound']);
    expect(partners('沐言咖啡', '沐雨咖啡').score).toBeLessThan(threshold);
  });

  test('[DU4] numbers, branches, places and opposed words keep names apart', () => {
    const apart = [['第一网格', '第二网格'], ['1栋', '11栋'], ['周大爷', '周大妈'], ['友邻超市(双柏店)', '友邻超市(书院店)'], ['岷阳社区阿姨文艺团', '伏龙社区阿姨文艺团'], ['东门茶馆', '西门茶馆']] as const;
    for (const [one, other] of apart) expect(partners(one, other).score, `${one} ${other}`).toBeLessThan(threshold);
  });

  test('[DU2] likeness is the same from either side and never above one', () => {
    for (const kind of kinds) {
      for (const { one, other } of [...lookedAt[kind], ...keptAside[kind]]) {
        const { score } = likenessOf[kind](one, other);
        expect(score, `${one} ${other}`).toBeCloseTo(likenessOf[kind](other, one).score, 10);
        expect(score).toBeLessThanOrEqual(1);
      }
    }
  });
});

describe('people and doors', () => {
  test('[DU5] a name counts at the same door or telephone; alone it says nothing', () => {
    expect(people('王芳@a', '王芳@a')).toEqual({ score: 1, reasons: ['same', 'door'] });
    expect(people('王芳@a#13800138000', '王方@b#8000').reasons).toEqual(['sound', 'phone']);
    expect(people('王芳@a', '王芳@b').score).toBe(0);
    expect(people('周大爷@a', '周大妈@a').score).toBeLessThan(threshold);
  });

  test('[DU5] a couple with one telephone are two; a title stands for a name that was not asked', () => {
    expect(people('王建国@a#13800138000', '李秀英@a#13800138000').score).toBeLessThan(threshold);
    expect(people('周大爷@a#13800138000', '周建国@a#13800138000').score).toBeGreaterThan(threshold);
  });

  test('[DU4] doors are the same when all their numbers are', () => {
    expect(doors('3栋2单元501', '3-2-501').score).toBe(1);
    for (const [one, other] of [['1栋', '11栋'], ['第一网格', '第二网格'], ['3栋2单元501', '3栋2单元510']] as const) expect(doors(one, other).score).toBe(0);
  });

  test('[DU17] a door is one door however it is written', () => {
    const ways = ['３栋２单元５０１', '三栋二单元501室', '叁幢 2 单元 501号', '3号楼2单元501房', '3－2－501', '3 - 2 - 501', '3栋2单元5O1', '3栋2单元50l'];
    for (const way of ways) expect(doors('3栋2单元501', way), way).toEqual({ score: 1, reasons: ['same'] });
    for (const [one, other] of [['А座1203', 'A座1203'], ['十二栋302', '12幢3o2户'], ['銀杏苑 3棟', '银杏苑 3号楼']] as const) expect(doors(one, other).score, `${one} ${other}`).toBe(1);
    for (const [one, other] of [['A座1203', 'B座1203'], ['3栋2单元501', '3栋501'], ['银杏苑 3栋', '金桂苑 3栋']] as const) expect(doors(one, other).score, `${one} ${other}`).toBeLessThan(threshold);
  });
});

describe('the labelled list', () => {
  test('[DU6] has five hundred pairs and more, of each kind in both halves, with both answers', () => {
    expect(labelledPairs).toBeGreaterThanOrEqual(500);
    for (const list of [lookedAt, keptAside]) for (const kind of kinds) expect(new Set(list[kind].map(({ same }) => same)).size).toBe(2);
  });

  // The floors are what docs/DUPLICATES.md reports, rounded down.
  test('[DU6] what the rules were made on: precision 1.00, recall 0.99', () => {
    const { precision, recall, falseAlarms } = measure(lookedAt, kinds);
    expect(falseAlarms).toEqual([]);
    expect(precision).toBe(1);
    expect(recall).toBeGreaterThanOrEqual(0.99);
  });

  test('[DU6] what was kept aside: precision 0.98, recall 0.81', () => {
    const { precision, recall } = measure(keptAside, kinds);
    expect(precision).toBeGreaterThanOrEqual(0.98);
    expect(recall).toBeGreaterThanOrEqual(0.81);
  });
});
