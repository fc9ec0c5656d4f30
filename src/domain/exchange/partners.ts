/** Partners of the community, known by name or by another name they go by. */
import * as v from 'valibot';
import type { Decision } from '../kernel/command.ts';
import { birth } from '../kernel/decide.ts';
import { given } from '../kernel/edit.ts';
import type { Folded } from '../kernel/fold.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { textMax } from '../kernel/text.ts';
import { dayOf } from '../kernel/time.ts';
import { kinds } from '../kinds.ts';
import { addPartnerInput } from '../roster/inputs.ts';
import type { ConversionFields, PartnerFields, PartnerType } from '../roster/schema.ts';
import { partnerTypeOn } from '../roster/view.ts';
import { choiceCell, dayCell, folded, listCell, textCell, wholeCell, yuanCell } from './cells.ts';
import { frequencyWords, legalFormWords, modeWords, partnerTypeWords, periodWords, resourceWords, roleWords, stageWords } from './choices.ts';
import type { Fault, ImportList, Placed, TypedRow } from './column.ts';

const name = textCell(textMax.name);
const line = textCell(textMax.line);

/** A new partner says its name and type; a roster that says no more means one that is working with the community. */
const { name: named, type, legalForm, stage, ...optional } = addPartnerInput.entries;
const row = v.strictObject({ name: named, type: v.optional(type), legalForm: v.optional(legalForm), stage: v.optional(stage), ...optional });

const usualForm: Readonly<Record<PartnerType, PartnerFields['legalForm']>> = { business: 'organisation', community_group: 'organisation', individual: 'person' };

function placingPartners(decision: Decision) {
  const room = { community: decision.actor.community, family: 'roster' as const };
  const conversions = Map.groupBy(decision.every(room, 'conversion'), ({ fields }) => fields['partner']);
  const byName = new Map<string, Folded[]>();
  for (const record of decision.every(room, 'partner'))
    for (const each of new Set(kinds.partner.names(record.fields).map(folded))) byName.set(each, [...(byName.get(each) ?? []), record]);
  const typeOf = (record: Folded): PartnerType =>
    partnerTypeOn(
      record.fields as PartnerFields,
      (conversions.get(record.record) ?? []).map((each) => ({ id: each.record, fields: each.fields as ConversionFields })),
      dayOf(decision.now),
    );

  return ({ fields }: TypedRow): Result<Placed, Fault> => {
    const { name: called, type: wantedType, ...wanted } = fields as v.InferOutput<typeof row>;
    const [known, ...more] = byName.get(folded(called)) ?? [];
    if (more.length > 0) return err({ why: 'several', field: 'name' });
    // PT2: what a partner is changes by a dated conversion, never by a cell.
    if (known && wantedType !== undefined && wantedType !== typeOf(known)) return err({ why: 'type-differs', field: 'type' });
    const newType: PartnerType = wantedType ?? 'individual';
    const whole = { legalForm: usualForm[newType], stage: 'active' as const, ...wanted, name: called, type: newType };
    return ok({
      identity: known?.record ?? folded(called),
      ...(known ? { known: { room, record: known } } : {}),
      ...(!known && wantedType === undefined ? { lacks: { why: 'missing', field: 'type' } as const } : {}),
      wanted: given(known ? wanted : whole),
      born: () => [birth(decision, kinds.partner, decision.newId('par'), whole)],
    });
  };
}

export const partnerList: ImportList = {
  kind: 'partner',
  of: 'community',
  columns: [
    { field: 'name', zh: '名称', en: 'Name', aliases: ['合伙人', '合伙人名称', '单位名称', '商家名称', '组织名称', '姓名', '企业名称'], read: name },
    { field: 'type', zh: '类型', en: 'Type', aliases: ['合伙人类型', '类别', '合伙人类别'], read: choiceCell(partnerTypeWords) },
    { field: 'legalForm', zh: '法律形式', en: 'Legal form', aliases: ['主体', '主体性质'], read: choiceCell(legalFormWords) },
    { field: 'stage', zh: '阶段', en: 'Stage', aliases: ['状态', '合作阶段', '合作状态'], read: choiceCell(stageWords) },
    { field: 'mode', zh: '合作模式', en: 'Cooperation', aliases: ['合作方式', '模式', '怎样合作'], read: choiceCell(modeWords) },
    { field: 'aliases', zh: '别名', en: 'Also called', aliases: ['曾用名', '简称', '又名', '别的叫法'], read: listCell(name, 12) },
    { field: 'resources', zh: '资源', en: 'Resources', aliases: ['带来什么', '提供资源', '资源类型'], read: listCell(choiceCell(resourceWords), 5) },
    { field: 'roles', zh: '角色', en: 'Roles', aliases: ['担当角色'], read: listCell(choiceCell(roleWords), 3) },
    { field: 'services', zh: '服务', en: 'Services', aliases: ['服务内容', '服务项目', '能做什么', '业务'], read: listCell(line, 24) },
    { field: 'place', zh: '地点', en: 'Place', aliases: ['地址', '场所', '位置', '经营地址'], read: line },
    { field: 'sinceOn', zh: '合作起始', en: 'Since', aliases: ['合作起始日期', '合作日期', '起始日期', '签约日期', '加入日期'], read: dayCell },
    { field: 'fundInFen', zh: '承诺资金（元）', en: 'Promised money (yuan)', aliases: ['承诺资金', '承诺的钱', '资金', '金额', '注入资金'], read: yuanCell },
    { field: 'fundInFrequency', zh: '资金频次', en: 'Money how often', aliases: ['多久一次', '缴纳频次', '频次'], read: choiceCell(frequencyWords) },
    { field: 'activityQuota', zh: '承诺活动（次）', en: 'Promised activities', aliases: ['承诺活动', '活动次数', '活动数'], read: wholeCell(0, 100_000, /(次|场|个)$/) },
    { field: 'activityQuotaPer', zh: '活动周期', en: 'Activities per', aliases: ['按什么计', '周期'], read: choiceCell(periodWords) },
    { field: 'consideration', zh: '社区回报', en: 'In return', aliases: ['回报', '社区给什么回报', '权益'], read: line },
    { field: 'note', zh: '备注', en: 'Note', aliases: ['说明'], read: textCell(textMax.note) },
  ],
  required: [['name']],
  /** An amount says how often, a number of activities in which period. */
  finish: (fields) =>
    ok({
      ...(fields['fundInFen'] === undefined ? {} : { fundInFrequency: 'one_off' }),
      ...(fields['activityQuota'] === undefined ? {} : { activityQuotaPer: 'month' }),
      ...fields,
    }),
  row: row as unknown as ImportList['row'],
  placing: placingPartners,
};
