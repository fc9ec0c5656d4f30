/** Who may sit at this tablet. */
import { readSeat, readSeats } from './database.ts';
import { seatHere, type SeatHere } from './seat.ts';

/** In the order they joined. Empty also where the browser keeps nothing: joining says that. */
export async function seatsHere(): Promise<readonly SeatHere[]> {
  try {
    return (await readSeats()).sort((a, b) => a.joinedAt - b.joinedAt).map(seatHere);
  } catch {
    return [];
  }
}

export async function seatOf(tag: string): Promise<SeatHere | undefined> {
  const seat = await readSeat(tag);
  return seat && seatHere(seat);
}
