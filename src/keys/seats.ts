/** Who may sit at this tablet. */
import { changeSeat, readSeat, readSeats } from './database.ts';
import { isHalfOver, seatHere, type SeatHere } from './seat.ts';

/** In the order they joined. Empty also where the browser keeps nothing: joining says that. */
export async function seatsHere(): Promise<readonly SeatHere[]> {
  try {
    const seats = await readSeats();
    // KY3: whoever opens the app finds no half that may not be used any more, whether or not they try a PIN.
    for (const seat of seats) if (isHalfOver(seat)) await changeSeat(seat.tag, (now) => (isHalfOver(now) ? { half: undefined, seenAt: Math.max(Date.now(), now.seenAt) } : {}));
    return seats.sort((a, b) => a.joinedAt - b.joinedAt).map(seatHere);
  } catch {
    return [];
  }
}

export async function seatOf(tag: string): Promise<SeatHere | undefined> {
  const seat = await readSeat(tag);
  return seat && seatHere(seat);
}
