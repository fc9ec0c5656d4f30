/** Writes a community's roster: what the account states under the source's tag, everything else as generated. */
import type { Fields, Value } from '../../src/domain/kernel/fact.ts';
import { given } from '../../src/domain/kernel/edit.ts';
import { addDays, addMonths, instantOf } from '../../src/domain/kernel/time.ts';
import { convertedPartner, generatedGroups, type GeneratedGroup } from './groups.ts';
import { rosterLane, sourceLane } from './lanes.ts';
import type { Notebook, Stamp } from './notebook.ts';
import type { Period } from './period.ts';
import { district, districtPartnerRows, partnerRows, spaceRows, type PartnerRow } from './pidu.ts';
import { pointsPresets } from './presets.ts';
import type { Profile } from './profiles.ts';
import { rewardsOf } from './rewards.ts';
import { staffOf, supervisorOf } from './staffing.ts';

const listed = <T extends Value>(items: readonly T[] | undefined): readonly T[] | undefined => (items && items.length > 0 ? [...items] : undefined);

export function partnerFields(row: PartnerRow, stage: 'active' | 'prospect', remark?: string): Fields {
  const inferred = row.inferred ? `来源未写明、由我们推断：${row.inferred.join('、')}。` : undefined;
  const note = [row.note, inferred, remark].filter((part) => part !== undefined).join('');
  return given({
    name: row.name,
    aliases: listed(row.aliases),
    type: row.type,
    legalForm: row.legalForm,
    stage,
    mode: row.mode,
    resources: listed(row.resources),
    services: listed(row.services),
    place: row.place,
    fundInFen: row.fundInFen,
    fundInFrequency: row.fundInFrequency,
    activityQuota: row.monthlyActivities,
    activityQuotaPer: row.monthlyActivities === undefined ? undefined : 'month',
    consideration: row.consideration,
    inferred: row.inferred ? true : undefined,
    note,
  });
}

const districtRemark = '来源未写明所在社区：全区合伙人，列入各社区名册备联系。';

/** PT2: a year ago one person at a bench, now a group of neighbours; what it was born as is left standing. */
function convert(notebook: Notebook, row: GeneratedGroup, period: Period, stamp: Stamp): void {
  const born = notebook.birth('partner', { ...partnerFields({ ...row, name: '周师傅' }, 'active') }, stamp, row.id);
  const on = `${addMonths(period.today.slice(0, 7), -5)}-06`;
  const later = { ...stamp, at: instantOf(on, '10:20') };
  notebook.birth('conversion', { partner: row.id, to: 'community_group', on, legalForm: 'organisation', reason: '三位邻居加入，一起轮值，组成修理队' }, later);
  notebook.change(born, { name: row.name, aliases: ['周师傅'] }, later);
}

export function writeRoster(notebook: Notebook, profile: Profile, period: Period): void {
  const by = supervisorOf(profile);
  const at = instantOf(addDays(period.firstDay, -30), '09:00');
  const source: Stamp = { by, at, lane: sourceLane() };
  const generated: Stamp = { by, at, lane: rosterLane() };

  const community = notebook.birth('community', { name: profile.name, district }, source, `com_${profile.slug}`);
  notebook.change(community, { residents: profile.residents }, generated);
  profile.grids.forEach((code, index) => {
    notebook.birth('grid', { code, name: `第${index + 1}网格`, residents: Math.round(profile.residents / profile.grids.length), rank: index + 1 }, generated);
  });
  for (const { person, name, role, grids, partners } of staffOf(profile)) {
    notebook.birth('staff', { name, role, grids: [...grids], partners: [...partners] }, generated, person);
  }
  for (const row of partnerRows[profile.slug]) notebook.birth('partner', partnerFields(row, 'active'), source, row.id);
  for (const row of districtPartnerRows) notebook.birth('partner', partnerFields(row, 'prospect', districtRemark), source, row.id);
  for (const row of generatedGroups[profile.slug]) {
    if (row.id === convertedPartner) convert(notebook, row, period, generated);
    else notebook.birth('partner', partnerFields(row, 'active'), generated, row.id);
  }
  for (const { id, name, operator, owner, terms } of spaceRows[profile.slug]) {
    notebook.birth('space', given({ name, operator, owner, terms }), source, id);
  }
  for (const rule of pointsPresets(period)) notebook.birth('pointsRule', rule, { ...generated, at: instantOf(addDays(String(rule['validFrom']), -12), '09:00') });
  for (const { id, ...reward } of rewardsOf(profile.slug, period.today)) notebook.birth('reward', given(reward), generated, id);
}
