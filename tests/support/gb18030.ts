/** Text as an older Excel on a Chinese Windows writes it. Made from what the decoder knows: no table of our own to be wrong. */
const byCharacter = new Map<string, readonly number[]>();
const decoder = new TextDecoder('gb18030');
for (let high = 0x81; high <= 0xfe; high += 1)
  for (let low = 0x40; low <= 0xfe; low += 1) {
    const character = decoder.decode(Uint8Array.of(high, low));
    if (character.length === 1 && character !== '\ufffd') byCharacter.set(character, [high, low]);
  }

/** Beyond the basic plane four bytes count on from 0x90308130. */
function fourBytes(codePoint: number): number[] {
  const index = codePoint - 0x10000;
  return [0x90 + Math.floor(index / 12_600), 0x30 + (Math.floor(index / 1_260) % 10), 0x81 + (Math.floor(index / 10) % 126), 0x30 + (index % 10)];
}

export function toGb18030(text: string): Uint8Array<ArrayBuffer> {
  const bytes = [...text].flatMap((character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) return [code];
    if (code >= 0x10000) return fourBytes(code);
    const known = byCharacter.get(character);
    if (!known) throw new Error(`no bytes for ${character}`);
    return known;
  });
  return Uint8Array.from(bytes);
}
