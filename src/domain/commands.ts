/**
 * Every command, once: what it takes in, which rooms it looks into, how it decides. The replica runs them by name.
 *
 * CM1 What a command decides has passed the same check the server's gate makes; else nothing is stated.
 */
import type * as v from 'valibot';
import * as activity from './activity/inputs.ts';
import { decideCancelActivity, decideLogActivity, decidePlanActivity, decideRecordAttendance, decideReviseActivity, logRoom } from './activity/rules.ts';
import { activityId } from './activity/schema.ts';
import * as certificates from './certificates/inputs.ts';
import { certificateRoom, decideIssueCertificate, decideWithdrawCertificate } from './certificates/rules.ts';
import * as duplicates from './duplicates/inputs.ts';
import { decideKeepApart, decideMergeRecords, decideReopenPair } from './duplicates/rules.ts';
import * as erasure from './erasure/inputs.ts';
import { decideErasePerson } from './erasure/rules.ts';
import * as exchange from './exchange/inputs.ts';
import { decideImportRows, roomsOfImport } from './exchange/rules.ts';
import { decideTakeBackImport, roomsOfTakingBack } from './exchange/takingBack.ts';
import { declareCommand, type Command, type RecordRef } from './kernel/command.ts';
import type { RoomAddress } from './kernel/room.ts';
import { monthOf } from './kernel/time.ts';
import { inOwnName } from './inOwnName.ts';
import { onlyIfAllowed } from './onlyIfAllowed.ts';
import * as needs from './needs/inputs.ts';
import { decideMoveNeed, decideReviseNeed, decideTellNeed } from './needs/rules.ts';
import * as people from './people/inputs.ts';
import { decideAddBuilding, decideAddHousehold, decideAddMember, decideAddVolunteer, decideReviseHousehold, decideReviseVolunteer, membersRoom, peopleRoom, roomsOfVolunteers } from './people/rules.ts';
import * as points from './points/inputs.ts';
import { decideAddPointsRule, keepingPastPoints } from './points/rules.ts';
import * as redemption from './redemption/inputs.ts';
import { decideAddReward, decideCancelRedemption, decideGiveBackGrant, decideRedeemPoints, decideRequestPoints, decideReviseReward, decideSettleCase, decideWriteOffGrant, grantOfClaim, roomsOfGrant } from './redemption/rules.ts';
import * as residents from './residents/inputs.ts';
import { decideAddResident, decideGiveConsent, decideReadMasked, decideReviseResident, decideTagCare, decideWithdrawConsent, readingRoom } from './residents/rules.ts';
import * as revision from './revision/inputs.ts';
import { decideChooseValue, decideRemove, decideRestore, decideUndo } from './revision/rules.ts';
import * as roster from './roster/inputs.ts';
import { decideAddGrid, decideAddPartner, decideConvertPartner, decideReviseGrid, decideRevisePartner } from './roster/rules.ts';
import * as visits from './visits/inputs.ts';
import { decideRecordVisit, decideRecordVisits, decideReviseVisit } from './visits/rules.ts';

const command = <Input>(declared: Command<Input>): Command<Input> => declareCommand(onlyIfAllowed(inOwnName(declared)));
/** Takes away or brings back records of any kind. */
const revising = <Input>(declared: Command<Input>): Command<Input> => command(keepingPastPoints(declared));

const roomOf = ({ ref }: { readonly ref: RecordRef }): readonly RoomAddress[] => [ref.room];
const residentRoom = ({ resident }: { readonly resident: RecordRef }): readonly RoomAddress[] => [resident.room];
const rosterOf = (community: string): RoomAddress => ({ community, family: 'roster' });
/** An activity being planned or logged: its organiser stands in the roster, its id says the month. */
const organised = (community: string, organiser: string | undefined, startsAt: number | undefined): readonly RoomAddress[] =>
  organiser === undefined || startsAt === undefined ? [] : [rosterOf(community), logRoom(community, activityId(organiser, startsAt))];

export const commands = {
  recordVisit: command({
    input: visits.recordVisitInput,
    rooms: ({ grid, feedback }, { community }, now) => [peopleRoom(community, grid), { community, family: 'visits', grid, month: monthOf(now) }, ...(feedback ? [rosterOf(community)] : [])],
    decide: decideRecordVisit,
  }),
  recordVisits: command({
    input: visits.recordVisitsInput,
    rooms: ({ grid }, { community }, now) => [peopleRoom(community, grid), { community, family: 'visits', grid, month: monthOf(now) }],
    decide: decideRecordVisits,
  }),
  reviseVisit: command({ input: visits.reviseVisitInput, rooms: roomOf, decide: decideReviseVisit }),

  planActivity: command({
    input: activity.planActivityInput,
    rooms: ({ organiser, startsAt }, { community }) => organised(community, organiser, startsAt),
    decide: decidePlanActivity,
  }),
  logActivity: command({
    input: activity.logActivityInput,
    rooms: ({ ref, organiser, startsAt }, { community }) => (ref ? [ref.room] : organised(community, organiser, startsAt)),
    decide: decideLogActivity,
  }),
  recordAttendance: command({ input: activity.recordAttendanceInput, rooms: (input) => [input.activity.room], decide: decideRecordAttendance }),
  reviseActivity: command({ input: activity.reviseActivityInput, rooms: roomOf, decide: decideReviseActivity }),
  cancelActivity: command({ input: activity.cancelActivityInput, rooms: roomOf, decide: decideCancelActivity }),

  addGrid: command({ input: roster.addGridInput, rooms: (_input, { community }) => [rosterOf(community)], decide: decideAddGrid }),
  reviseGrid: command({ input: roster.reviseGridInput, rooms: roomOf, decide: decideReviseGrid }),
  addPartner: command({ input: roster.addPartnerInput, rooms: (_input, { community }) => [rosterOf(community)], decide: decideAddPartner }),
  revisePartner: command({ input: roster.revisePartnerInput, rooms: roomOf, decide: decideRevisePartner }),
  convertPartner: command({ input: roster.convertPartnerInput, rooms: ({ partner }) => [partner.room], decide: decideConvertPartner }),

  addBuilding: command({ input: people.addBuildingInput, rooms: ({ grid }, { community }) => [peopleRoom(community, grid)], decide: decideAddBuilding }),
  addHousehold: command({ input: people.addHouseholdInput, rooms: ({ grid }, { community }) => [peopleRoom(community, grid)], decide: decideAddHousehold }),
  reviseHousehold: command({ input: people.reviseHouseholdInput, rooms: roomOf, decide: decideReviseHousehold }),
  addVolunteer: command({ input: people.addVolunteerInput, rooms: ({ grid }, actor) => roomsOfVolunteers(grid, actor), decide: decideAddVolunteer }),
  reviseVolunteer: command({ input: people.reviseVolunteerInput, rooms: roomOf, decide: decideReviseVolunteer }),
  addMember: command({
    input: people.addMemberInput,
    rooms: ({ partner }, { community }) => [membersRoom(community, partner)],
    decide: decideAddMember,
  }),

  addResident: command({ input: residents.addResidentInput, rooms: ({ grid }, { community }) => [peopleRoom(community, grid)], decide: decideAddResident }),
  reviseResident: command({ input: residents.reviseResidentInput, rooms: roomOf, decide: decideReviseResident }),
  giveConsent: command({ input: residents.giveConsentInput, rooms: residentRoom, decide: decideGiveConsent }),
  withdrawConsent: command({ input: residents.withdrawConsentInput, rooms: residentRoom, decide: decideWithdrawConsent }),
  tagCare: command({ input: residents.tagCareInput, rooms: residentRoom, decide: decideTagCare }),
  readMasked: command({
    input: residents.readMaskedInput,
    rooms: ({ resident: { room } }, { community }, now) => [room, ...(room.grid === undefined ? [] : [readingRoom(community, room.grid, now)])],
    decide: decideReadMasked,
  }),

  erasePerson: command({ input: erasure.erasePersonInput, rooms: roomOf, decide: decideErasePerson }),

  tellNeed: command({ input: needs.tellNeedInput, rooms: ({ grid }, { community }) => [peopleRoom(community, grid)], decide: decideTellNeed }),
  moveNeed: command({ input: needs.moveNeedInput, rooms: roomOf, decide: decideMoveNeed }),
  reviseNeed: command({ input: needs.reviseNeedInput, rooms: roomOf, decide: decideReviseNeed }),

  mergeRecords: command({ input: duplicates.mergeRecordsInput, rooms: ({ stays }) => [stays.room], decide: decideMergeRecords }),
  keepApart: command({ input: duplicates.keepApartInput, rooms: ({ one }) => [one.room], decide: decideKeepApart }),
  reopenPair: command({ input: duplicates.reopenPairInput, rooms: ({ pair }) => [pair.room], decide: decideReopenPair }),

  importRows: command({
    input: exchange.importRowsInput,
    rooms: (input, actor, now) => [...roomsOfImport(input, actor), { community: actor.community, family: 'log', month: monthOf(now) }],
    decide: decideImportRows,
  }),
  takeBackImport: command({ input: exchange.takeBackImportInput, rooms: roomsOfTakingBack, decide: decideTakeBackImport }),

  addPointsRule: command({ input: points.addPointsRuleInput, rooms: (_input, { community }) => [rosterOf(community)], decide: decideAddPointsRule }),

  redeemPoints: command({ input: redemption.redeemPointsInput, rooms: ({ grant }, { community }) => [...roomsOfGrant(community, grant), rosterOf(community)], decide: decideRedeemPoints }),
  requestPoints: command({ input: redemption.requestPointsInput, rooms: ({ grant }, { community }) => [...roomsOfGrant(community, grant), rosterOf(community)], decide: decideRequestPoints }),
  cancelRedemption: command({ input: redemption.cancelRedemptionInput, rooms: ({ claim }, { community }) => roomsOfGrant(community, grantOfClaim(claim.record)), decide: decideCancelRedemption }),
  giveBackGrant: command({ input: redemption.giveBackGrantInput, rooms: ({ grant }, { community }) => roomsOfGrant(community, grant), decide: decideGiveBackGrant }),
  settleCase: command({ input: redemption.settleCaseInput, rooms: ({ verdict }, { community }) => roomsOfGrant(community, grantOfClaim(verdict.record)), decide: decideSettleCase }),
  writeOffGrant: command({ input: redemption.writeOffGrantInput, rooms: ({ grant }, { community }) => roomsOfGrant(community, grant), decide: decideWriteOffGrant }),
  addReward: command({ input: redemption.addRewardInput, rooms: (_input, { community }) => [rosterOf(community)], decide: decideAddReward }),
  reviseReward: command({ input: redemption.reviseRewardInput, rooms: roomOf, decide: decideReviseReward }),

  issueCertificate: command({ input: certificates.issueCertificateInput, rooms: (_input, { community }, now) => [certificateRoom(community, now)], decide: decideIssueCertificate }),
  withdrawCertificate: command({ input: certificates.withdrawCertificateInput, rooms: roomOf, decide: decideWithdrawCertificate }),

  chooseValue: command({ input: revision.chooseValueInput, rooms: roomOf, decide: decideChooseValue }),
  undo: revising({ input: revision.undoInput, rooms: ({ facts }) => facts.map(({ ref }) => ref.room), decide: decideUndo }),
  restore: revising({ input: revision.restoreInput, rooms: roomOf, decide: decideRestore }),
  remove: revising({ input: revision.removeInput, rooms: roomOf, decide: decideRemove }),
} as const;

export type CommandName = keyof typeof commands;
export type InputOf<Name extends CommandName> = v.InferOutput<(typeof commands)[Name]['input']>;

const table = new Map(Object.entries(commands));
/**
 * A Map, not an object lookup: a command named `constructor` is unknown. `rooms` and `decide` take what this command's
 * own `input` parsed, and nothing else.
 */
export const commandNamed = (name: string): Command<unknown> | undefined => table.get(name) as Command<unknown> | undefined;
