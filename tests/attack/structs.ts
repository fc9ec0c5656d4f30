/** Yjs updates written by hand, for what no document produces. */
export function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

export const text = (value: string): number[] => {
  const bytes = [...new TextEncoder().encode(value)];
  return [...varint(bytes.length), ...bytes];
};

/** A set of one key of a root. @param kind of the content @param content its bytes */
export const set = (key: string, kind: number, content: readonly number[], root = 'facts'): number[] => [0x20 | kind, 1, ...text(root), ...text(key), ...content];

/** One client's structs from `clock` on, the same `count` times, and no deletions. */
export function updateOf(client: number, clock: number, struct: readonly number[], count = 1): Uint8Array {
  const head = [1, ...varint(count), ...varint(client), ...varint(clock)];
  const bytes = new Uint8Array(head.length + count * struct.length + 1);
  bytes.set(head);
  for (let nth = 0; nth < count; nth += 1) bytes.set(struct, head.length + nth * struct.length);
  return bytes;
}

/** Nothing but deletions: every second clock of one client. */
export const deletions = (client: number, ranges: number): Uint8Array => Uint8Array.from([0, 1, ...varint(client), ...varint(ranges), ...Array.from({ length: ranges }, (_, nth) => [...varint(nth * 2), 1]).flat()]);

export const collected = (length: number): number[] => [0, ...varint(length)];
export const skip = (length: number): number[] => [10, ...varint(length)];
/** Content of `ContentAny`: arrays in arrays. */
export const nestedAny = (depth: number): number[] => [1, ...Array.from({ length: depth }, () => [117, 1]).flat(), 126];
export const subdocument = (guid: string): number[] => [...text(guid), 118, 0];
export const kinds = { binary: 3, type: 7, any: 8, document: 9 } as const;
