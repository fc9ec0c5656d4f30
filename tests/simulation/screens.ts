/** What the screens of a tablet offer to whoever does something next. */
import type { Random } from '../../server/demo/random.ts';
import type { RecordRef } from '../../src/domain/kernel/command.ts';
import { parseRoomName } from '../../src/protocol/roomName.ts';
import type { ClashRow, Row } from '../../src/replica/contract.ts';

export interface Screens {
  readonly now: number;
  readonly seat: string;
  readonly device: string;
  rows(family: string, kind: string): Row[];
  clashes(): ClashRow[];
  /** The facts of the last save, which the 撤销 button takes back. */
  readonly lastSave: readonly { readonly fact: string; readonly ref: RecordRef }[];
}
export interface Act {
  readonly command: string;
  readonly input: object;
}

export const refOf = ({ room, id }: { readonly room: string; readonly id: string }): RecordRef | undefined => {
  const address = parseRoomName(room);
  return address && { room: address, record: id };
};

/** Chooses something among what is shown, if there is anything. */
export type Maker = (screens: Screens, random: Random) => object | undefined;
