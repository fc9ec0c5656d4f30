/** The demo on the day after 刘淑芳 handed her group over: her tablet may not know yet. */
import { seats as demoSeats } from '../../server/demo/demo.ts';
import type { Seat } from '../../src/protocol/api.ts';

export { personOf, seedCommunity } from '../../server/demo/demo.ts';
export const seats = (): Seat[] => demoSeats().map((seat) => (seat.id === 'sb-lead1' ? { ...seat, partners: [] } : seat));
