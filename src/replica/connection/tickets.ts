/** How a replica gets its tickets: a demo's chair with a secret, an enrolled device with its key. */
import { askTicket as askDemoTicket, ApiError } from './api.ts';
import { askTicket, isEnd } from '../../keys/tickets.ts';
import type { TicketGrant } from '../../protocol/api.ts';
import type { KeyProof } from '../../protocol/identity.ts';
import type { Seating } from '../contract.ts';
import type { Device } from '../journal/device.ts';

/** @throws ApiError */
export type Tickets = () => Promise<TicketGrant>;

/** @param unsent what of this tablet's facts is only on it */
export function ticketsOf({ server, seat, enrolled }: Seating, device: Device, unsent: () => NonNullable<KeyProof['unsent']>): Tickets {
  if (!enrolled) return () => askDemoTicket(server, { seat, device: device.tag, secret: device.secret });
  return async () => {
    const granted = await askTicket(server, enrolled, unsent());
    if (granted.ok) return granted.value;
    const { error } = granted;
    throw new ApiError(error === 'offline' || error === 'busy' ? 'offline' : 'barred', error, isEnd(error) ? error : undefined);
  };
}
