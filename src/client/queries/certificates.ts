/** Certificates of a volunteer's service, and what could be certified (CE3). */
import type { ActivityFields, AttendanceFields } from '../../domain/activity/schema.ts';
import { certificateId, type CertificateFields } from '../../domain/certificates/schema.ts';
import type { CertifiedBooks } from '../../domain/certificates/view.ts';
import type { PointsEntryFields, PointsRuleFields } from '../../domain/points/schema.ts';
import type { Live, Reader, Row } from '../../replica/contract.ts';
import { chain, combine, distinct, map, sameList } from './live.ts';

export type CertificateRow = Row<CertificateFields>;

/** Newest first. */
export const certificatesOf = (reader: Reader, number: string): Live<readonly CertificateRow[]> => reader.list<CertificateFields>('log', { kind: 'certificate', holder: number });

export const certificateOf = (reader: Reader, serial: string): Live<CertificateRow | undefined> => reader.one<CertificateFields>('log', certificateId(serial));

/** The last one of anybody's: who issues is mostly who issued before. */
export const lastCertificate = (reader: Reader): Live<CertificateRow | undefined> => map(reader.list<CertificateFields>('log', { kind: 'certificate', limit: 1 }), ([row]) => row);

export function certifiedBooks(reader: Reader, number: string): Live<CertifiedBooks & { readonly activities: readonly Row<ActivityFields>[] }> {
  const attendances = reader.list<AttendanceFields>('log', { kind: 'attendance', holder: number });
  const wanted = map(attendances, (rows): readonly string[] => [...new Set(rows.map((row) => row.fields.activity))].sort());
  return combine(
    {
      attendances,
      activities: chain(distinct(wanted, sameList), (ids) => reader.many<ActivityFields>('log', ids)),
      entries: reader.list<PointsEntryFields>('ledger', { kind: 'pointsEntry', holder: number }),
      rules: reader.list<PointsRuleFields>('roster', { kind: 'pointsRule' }),
      unconfirmed: map(reader.pending(), (rows): ReadonlySet<string> => new Set(rows.map(({ id }) => id))),
    },
    (books) => books,
  );
}
