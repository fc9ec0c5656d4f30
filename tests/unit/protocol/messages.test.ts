import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { factFaults } from '../../../src/domain/check.ts';
import { closeCodes, refusalReasons, updateFaults } from '../../../src/protocol/closeReasons.ts';
import { encodeAcknowledgement, encodeRefusal, messageAcknowledgement, messageRefusal, readAcknowledgement, readRefusal } from '../../../src/protocol/messages.ts';
import { runs } from '../../property/settings.ts';

function opened(bytes: Uint8Array): { type: number; decoder: decoding.Decoder } {
  const decoder = decoding.createDecoder(bytes);
  return { type: decoding.readVarUint(decoder), decoder };
}

test('[PR1] an acknowledgement comes back as it was sent', () => {
  const client = fc.integer({ min: 0, max: 2 ** 53 - 1 });
  fc.assert(
    fc.property(fc.array(fc.tuple(client, client), { maxLength: 20 }), (pairs) => {
      const clocks = new Map(pairs);
      const { type, decoder } = opened(encodeAcknowledgement(clocks));
      expect(type).toBe(messageAcknowledgement);
      expect(readAcknowledgement(decoder)).toEqual(clocks);
      expect(decoding.hasContent(decoder)).toBe(false);
    }),
    runs(200),
  );
});

test('[PR1] a refusal comes back with its reason, and with fact and field where there are any', () => {
  for (const reason of refusalReasons)
    for (const refusal of [{ reason }, { reason, fact: 'lidev-1z' }, { reason, fact: 'lidev-1z', field: 'note' }]) {
      const { type, decoder } = opened(encodeRefusal(refusal));
      expect(type).toBe(messageRefusal);
      expect(readRefusal(decoder)).toEqual(refusal);
    }
});

test('[PR2] a broken acknowledgement is thrown at the message loop, at once', () => {
  const claim = (count: number, ...rest: number[]) => {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, count);
    for (const number of rest) encoding.writeVarUint(encoder, number);
    return decoding.createDecoder(encoding.toUint8Array(encoder));
  };
  expect(() => readAcknowledgement(claim(2, 1, 5))).toThrow();
  expect(() => readAcknowledgement(claim(2 ** 40, 1, 5))).toThrow();
  expect(() => readAcknowledgement(decoding.createDecoder(new Uint8Array([0xff])))).toThrow();
});

test('[PR2] a refusal that is none is read as none', () => {
  const said = (words: string) => {
    const encoder = encoding.createEncoder();
    encoding.writeVarString(encoder, words);
    return readRefusal(decoding.createDecoder(encoding.toUint8Array(encoder)));
  };
  for (const words of ['', '{', 'null', '[]', '{"reason":"bad mood"}', '{"fact":"lidev-1"}', '{"reason":"gap","fact":7}', '"gap"']) expect(said(words), words).toBeUndefined();
  expect(said('{"reason":"gap","later":"field"}')).toEqual({ reason: 'gap' });
});

test('[PR2] any bytes are a message or thrown, never a hang', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      for (const read of [readAcknowledgement, readRefusal])
        try {
          read(decoding.createDecoder(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
    }),
    runs(500),
  );
});

test('[PR1] every reason stands once, and every final close lies where a client gives up', () => {
  expect(new Set(refusalReasons).size).toBe(updateFaults.length + factFaults.length);
  const { restarting, overloaded, ...final } = closeCodes;
  expect([restarting, overloaded]).toEqual([1012, 1013]);
  for (const code of Object.values(final)) expect(code).toBeGreaterThanOrEqual(4400);
  for (const code of Object.values(final)) expect(code).toBeLessThan(4500);
  expect(new Set(Object.values(closeCodes)).size).toBe(Object.values(closeCodes).length);
});
