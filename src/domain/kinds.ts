/** Every record kind, declared once. Storage, sync, permission, projection and the screens read this table. */
import { activityKindsTable } from './activity/schema.ts';
import { certificateKinds } from './certificates/schema.ts';
import { duplicateKinds } from './duplicates/schema.ts';
import { erasureKinds } from './erasure/schema.ts';
import { exchangeKinds } from './exchange/schema.ts';
import { feedbackKinds } from './feedback/schema.ts';
import type { Kind } from './kernel/kind.ts';
import { needKinds } from './needs/schema.ts';
import { peopleKinds } from './people/schema.ts';
import { pointsKinds } from './points/schema.ts';
import { redemptionKinds } from './redemption/schema.ts';
import { residentKinds } from './residents/schema.ts';
import { rosterKinds } from './roster/schema.ts';
import { visitKinds } from './visits/schema.ts';

export const kinds = { ...rosterKinds, ...peopleKinds, ...residentKinds, ...visitKinds, ...needKinds, ...feedbackKinds, ...erasureKinds, ...activityKindsTable, ...pointsKinds, ...certificateKinds, ...redemptionKinds, ...exchangeKinds, ...duplicateKinds } as const;
export type KindName = keyof typeof kinds;

const table = new Map<string, Kind>(Object.entries(kinds));

/** A Map, not an object lookup: a kind named `__proto__` is unknown, not an object. */
export const kindNamed = (name: string): Kind | undefined => table.get(name);

export { homeOf } from './kernel/kind.ts';
