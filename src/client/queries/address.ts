/** The page on which a person works with a record; the page of its history is `recordPath` in ref.ts. */
import type { Fields } from '../../domain/kernel/fact.ts';
import { idTail } from '../../domain/kernel/ids.ts';
import { needOfTold } from '../../domain/needs/schema.ts';

/** @param fields as far as known: a fact that only changes a visit does not name its door */
export function workPath(kind: string, record: string, fields: Fields): string | undefined {
  const part = (name: string): string | undefined => (typeof fields[name] === 'string' ? encodeURIComponent(fields[name]) : undefined);
  switch (kind) {
    case 'activity':
      return `/activities/${encodeURIComponent(record)}`;
    case 'attendance':
      // Its id holds the activity's, so a change that names nothing else still leads there.
      return `/activities/act_${encodeURIComponent(record.slice(record.indexOf('_') + 1, record.lastIndexOf('-')))}`;
    case 'visit':
      return part('household') && `/visits/${part('household')}`;
    case 'household':
      return `/visits/${encodeURIComponent(record)}`;
    case 'partner':
      return `/partners/${encodeURIComponent(record)}`;
    case 'resident':
      return `/residents/${encodeURIComponent(record)}`;
    case 'volunteer':
      return `/volunteers/${encodeURIComponent(idTail(record))}`;
    case 'reward':
      return `/rewards/${encodeURIComponent(record)}`;
    case 'certificate':
      return part('volunteer') && part('serial') && `/volunteers/${part('volunteer')}/certificates/${part('serial')}`;
    case 'intake':
      return `/files/imports/${encodeURIComponent(record)}`;
    case 'need':
      return `/needs/${encodeURIComponent(record)}`;
    case 'needTold':
      return `/needs/${encodeURIComponent(needOfTold(record))}`;
    default:
      return undefined;
  }
}
