/** Invented residents behind some of the doors, with what they agreed to. Nobody here exists; their numbers are given to nobody. */
import { given } from '../../src/domain/kernel/edit.ts';
import { addDays, instantOf } from '../../src/domain/kernel/time.ts';
import type { CareTag, ConsentPurpose } from '../../src/domain/residents/schema.ts';
import { residentsLane } from './lanes.ts';
import { personName } from './names.ts';
import type { Notebook, Stamp } from './notebook.ts';
import type { Home } from './people.ts';
import type { Period } from './period.ts';
import type { Profile } from './profiles.ts';
import { randomOf, type Random } from './random.ts';

/** One door in eight: the register is young. */
const share = 0.125;
const reasons: readonly (readonly [CareTag, string])[] = [
  ['livesAlone', '儿女在外地，一个人住'],
  ['veryOld', '八十多岁，白天家里没有别人'],
  ['hardToGetAbout', '上下楼要人扶'],
  ['childLeftBehind', '父母在外打工，跟着奶奶'],
  ['hardship', '一家人靠一份工资'],
];

/** One purpose after the other is asked, and fewer agree to each. */
function agreedTo(random: Random): readonly ConsentPurpose[] {
  const contact = random.chance(0.6);
  return ['registration', ...(contact ? (['contact'] as const) : []), ...(contact && random.chance(0.5) ? (['referral'] as const) : [])];
}

export function writeResidents(notebook: Notebook, profile: Profile, period: Period, homes: readonly Home[]): void {
  homes.forEach((home, index) => {
    const random = randomOf('residents', profile.slug, home.record);
    if (!random.chance(share)) return;
    // A few were asked more than a year ago, and their consent has run out.
    const givenOn = addDays(period.firstDay, random.chance(0.06) ? -random.between(5, 15) : random.between(20, 340));
    const stamp: Stamp = { by: home.worker, at: instantOf(givenOn, '15:00'), lane: residentsLane(index) };
    const people = random.chance(0.3) ? 2 : 1;
    for (let person = 1; person <= people; person += 1) writeResident(notebook, random, home, `res_${home.record.slice(4)}-${person}`, givenOn, stamp);
  });
}

function writeResident(notebook: Notebook, random: Random, { grid, record: household }: Home, record: string, givenOn: string, stamp: Stamp): void {
  const purposes = agreedTo(random);
  const phone = purposes.includes('contact') ? `1990000${String(random.between(0, 9_999)).padStart(4, '0')}` : undefined;
  const resident = notebook.birth('resident', given({ grid, household, name: personName(random), phone }), stamp, record).record;
  for (const purpose of purposes) notebook.birth('consent', { grid, resident, purpose, givenOn, until: addDays(givenOn, 365), way: random.chance(0.8) ? 'spoken' : 'written' }, stamp);
  if (!random.chance(0.15)) return;
  const [tag, reason] = random.pick(reasons);
  notebook.birth('care', { grid, resident, tag, reason, reviewOn: addDays(givenOn, 365) }, stamp);
}
