/** What a person can do about a refusal of identity, by its word. */
import type { ActRefusal, Refused } from '../../src/protocol/identity.ts';

type Word = ActRefusal | Refused['error'] | 'code' | 'key' | 'name';

const hints: Readonly<Record<Word, string>> = {
  code: 'No open invitation has this code: it is mistyped, used or too old. Ask for a new one.',
  key: 'This is no public key on P-256.',
  name: 'This is a community\'s first invitation: say "name", who you are.',
  revoked: 'This device may not work any more. Hand over what it still holds.',
  wipe: 'This device may not work any more. Hand over what it still holds, then delete everything.',
  unproved: 'The proof does not fit: sign a fresh challenge with the key this device joined with.',
  locked: 'The seat has to be opened first: sign this with the key behind its PIN.',
  unknown: 'There is nobody and nothing of this name here.',
  taken: 'This is taken already. Choose another.',
  'not-allowed': 'This is not allowed here and now.',
  'not-now': 'As things stand this can not be done: it has been done already, or has ended.',
  'last-supervisor': 'This is the last supervisor with a tablet: invite another one first.',
  yourself: 'Nobody does this to themselves: another supervisor can, or the operator.',
  'bad-grid': 'The community has no such grid. Add it first.',
  'bad-days': 'These days make no substitution: from a day through the same or a later one, not in the past, at most three months.',
  'too-many': 'Five communities a day are opened from one community. Come back tomorrow, or ask the operator.',
  'base-missing': 'It stands on an earlier fact: take that one first.',
};

export const hintOf = (word: Word): string => hints[word];
