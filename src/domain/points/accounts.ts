/**
 * The accounts points stand in. Every entry moves points from one to another, so all of them sum to zero (PN1).
 *
 * `issued` is where points come from, `expired` where those go that lapsed, `shortfall` what the community owes because
 * points that were spent turned out not to be there (PN5). A volunteer's points are free, or held for one tablet of a
 * redemption point (PN4); `redeemed` is what such a tablet has handed out for.
 */
export const issuedAccount = 'issued';
export const expiredAccount = 'expired';
export const shortfallAccount = 'shortfall';
export const volunteerAccount = (number: string): string => `volunteer:${number}`;
/** @param grant its id without the kind's prefix */
export const heldAccount = (grant: string, number: string): string => `held:${grant}:${number}`;
export const redeemedAccount = (device: string): string => `redeemed:${device}`;

/** Whether points in an account are some volunteer's: free, or held for a redemption. */
export const isVolunteers = (account: string): boolean => account.startsWith('volunteer:') || account.startsWith('held:');
