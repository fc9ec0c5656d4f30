/** Records and people in words: the title of a record of any kind, and who did something. */
import type { Fields, Value } from '$domain/kernel/fact.ts';
import { authorityPerson } from '$client/queries/staff.ts';
import { maskName } from '$domain/residents/view.ts';
import { careTag, consentPurpose, importedList, maskedField, recordKind, serviceClass } from '$lib/i18n/words/domain.ts';
import { recordPage } from '$lib/i18n/words/recordPage.ts';
import { wordIn, type Names } from './sayField.ts';

export const sayPerson = (person: string, names: Names): string =>
  person === authorityPerson ? recordPage.authority : (names.get(person) ?? recordPage.unknownPerson(person.replace(/^per_/, '')));

export const sayKind = (kind: string): string => wordIn(recordKind, kind) ?? kind;

const said = (value: Value | undefined): string => (typeof value === 'string' && value !== '' ? value : recordPage.nameless);

export function sayTitle(kind: string, fields: Fields, names: Names): string {
  const named = (field: string): string => names.get(said(fields[field])) ?? said(fields[field]);
  switch (kind) {
    case 'activity':
      return said(fields['title']);
    case 'attendance':
      return recordPage.attendance(said(fields['volunteer']), named('activity'));
    case 'visit':
      return recordPage.visit(named('household'));
    case 'resident':
      return maskName(said(fields['name']));
    case 'consent':
      return recordPage.consent(wordIn(consentPurpose, said(fields['purpose'])) ?? said(fields['purpose']));
    case 'care':
      return wordIn(careTag, said(fields['tag'])) ?? said(fields['tag']);
    case 'reading':
      return recordPage.reading(wordIn(maskedField, said(fields['field'])) ?? said(fields['field']));
    case 'erasure':
    case 'doorErasure':
    case 'memberErasure':
      return sayKind(kind);
    case 'intake':
      return recordPage.imported(wordIn(importedList, said(fields['list'])) ?? said(fields['list']));
    case 'need':
      return said(fields['title']);
    case 'feedback':
      return named('partner');
    case 'needTold':
      return recordPage.told(named('household'));
    case 'conversion':
      return recordPage.convert(named('partner'));
    case 'pair':
    case 'partnerPair':
      return recordPage.pair(named('one'), named('other'));
    case 'household':
      return said(fields['door']);
    case 'pointsRule':
      return recordPage.rule(wordIn(serviceClass, said(fields['serviceClass'])) ?? said(fields['serviceClass']));
    case 'certificate':
      return said(fields['serial']);
    case 'pointsEntry':
      return recordPage.entry(said(fields['volunteer']));
    default:
      return said(fields['name']);
  }
}
