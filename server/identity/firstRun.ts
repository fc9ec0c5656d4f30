/**
 * IE8: while nobody has joined, each start makes the first supervisor's invitation anew, good for a day; it is the only code
 * that is ever printed.
 */
import { err, ok } from '../../src/domain/kernel/result.ts';
import { firstLifeMs, firstOf, invited, type ActContext } from './acts.ts';
import { operator } from './joining.ts';
import type { Community } from './records.ts';
import type { Registry } from './registry.ts';

export interface FirstInvitation {
  readonly code: string;
  readonly communityName: string;
  /** Epoch ms. */
  readonly expiresAt: number;
}

const firstSlug = 'c1';

/** @returns undefined once somebody has joined */
export async function inviteFirst(registry: Registry, contextFor: (community: string) => Promise<ActContext>, named: Pick<Community, 'name' | 'district'>): Promise<FirstInvitation | undefined> {
  const [known] = registry.state.communities.values();
  const community: Community = known ?? { slug: firstSlug, ...named };
  const context = await contextFor(community.slug);
  const made = await registry.change((state) => {
    if (state.devices.size > 0) return err('joined');
    const decided = invited({ ...context, doer: { by: operator, community: community.slug } }, 'inviteFirst', firstOf(context, community.slug), { lifeMs: firstLifeMs, isFirst: true });
    if (!decided.ok) return decided;
    const { change, answer } = decided.value;
    return ok({ change: change && { ...change, communities: [community] }, answer });
  });
  if (!made.ok) return undefined;
  return { code: made.value.code ?? '', communityName: community.name, expiresAt: made.value.expiresAt ?? 0 };
}
