/** EX3 What is only on this tablet, to be read by people: the same that the file for rescue holds, in words. */
import type { Fields } from '$domain/kernel/fact.ts';
import type { Sheet } from '$exchange/contract.ts';
import { filesWords } from '$lib/i18n/words/files.ts';
import { sayRefusal } from '$lib/i18n/words/tray.ts';
import type { Draft, TrayEntry } from '$replica/contract.ts';
import { sayFieldName, sayFieldValue, type Names } from '../sayField.ts';
import { sayKind, sayTitle } from '../sayRecord.ts';
import { sheetOf, text, typed } from './sheet.ts';

interface Stated {
  readonly record: string;
  readonly kind: string;
  readonly set: Fields;
  readonly at: number;
}
/** As `exportUnconfirmed` writes it. */
interface Unconfirmed {
  readonly outbox: readonly { readonly facts: readonly { readonly id: string; readonly json: string }[] }[];
  readonly tray: readonly TrayEntry[];
  readonly drafts: readonly Draft[];
}

/** @param namesFor of everything that what was stated points to, by id */
export async function unsentSheets(json: string, namesFor: (stated: readonly { readonly fields: Fields }[]) => Promise<Names>): Promise<Sheet[]> {
  const { outbox, tray, drafts } = JSON.parse(json) as Unconfirmed;
  const stated = outbox.flatMap(({ facts }) => facts.map((fact) => JSON.parse(fact.json) as Stated));
  const names = await namesFor([...stated, ...tray].map(({ set }) => ({ fields: set })));
  const said = ({ kind, set }: Pick<Stated, 'kind' | 'set'>): string =>
    Object.keys(set).map((field) => `${sayFieldName(kind, field)}: ${sayFieldValue(kind, field, set[field], names, Date.now())}`).join(filesWords.separator);
  const about = <T extends Stated>() => [
    text<T>(filesWords.what, ({ kind }) => sayKind(kind)),
    text<T>(filesWords.record, ({ kind, set }) => sayTitle(kind, set, names)),
    text<T>(filesWords.content, said),
    typed<T>(filesWords.saidAt, 'time', ({ at }) => at),
    text<T>(filesWords.recordId, ({ record }) => record),
  ];
  return [
    sheetOf<Stated>(filesWords.unconfirmedSheet, stated, about()),
    sheetOf<TrayEntry>(filesWords.refusedSheet, tray, [...about<TrayEntry>(), text(filesWords.refusedWhy, ({ reason }) => sayRefusal(reason))]),
    sheetOf<Draft>(filesWords.draftSheet, drafts, [
      text(filesWords.record, ({ title }) => title),
      text(filesWords.content, ({ value }) => JSON.stringify(value)),
      typed(filesWords.saidAt, 'time', ({ changedAt }) => changedAt),
    ]),
  ];
}
