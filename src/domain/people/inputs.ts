/** What is entered about doors, volunteers and members of a group. */
import * as v from 'valibot';
import { refInput } from '../kernel/edit.ts';
import { code, count, day, recordRef, volunteerNumber } from '../kernel/fields.ts';
import { clearable, filledLine, filledName, listOf, typedLine, typedName } from '../kernel/inputs.ts';
import { writtenBuilding, writtenDoor } from './door.ts';
import { floorNumber, unitNumber } from './schema.ts';

const buildingName = v.pipe(v.string(), v.transform(writtenBuilding), filledName);
const doorName = v.pipe(v.string(), v.transform(writtenDoor), filledName);

export const addBuildingInput = v.strictObject({ grid: code, name: buildingName, courtyard: clearable(typedName), rank: clearable(count) });
export type AddBuilding = v.InferOutput<typeof addBuildingInput>;

const door = { building: recordRef('bld'), unit: unitNumber, floor: floorNumber, door: doorName };
const aboutDoor = { heads: clearable(count), hint: clearable(typedLine) };

/** VS9 A building that is not on the list is put up with its first door. */
const newBuilding = v.strictObject({ name: buildingName, courtyard: clearable(typedName) });
export type NewBuilding = v.InferOutput<typeof newBuilding>;

export const addHouseholdInput = v.strictObject({ grid: code, ...door, building: v.union([recordRef('bld'), newBuilding]), ...aboutDoor });
export type AddHousehold = v.InferOutput<typeof addHouseholdInput>;

export const reviseHouseholdInput = v.strictObject({ ref: refInput, ...v.partial(v.object(door)).entries, ...aboutDoor });
export type ReviseHousehold = v.InferOutput<typeof reviseHouseholdInput>;

const skills = clearable(listOf(filledLine, 12));

export const addVolunteerInput = v.strictObject({ grid: code, name: filledName, skills });
export type AddVolunteer = v.InferOutput<typeof addVolunteerInput>;

export const reviseVolunteerInput = v.strictObject({ ref: refInput, name: v.optional(filledName), skills, joinedOn: clearable(day) });
export type ReviseVolunteer = v.InferOutput<typeof reviseVolunteerInput>;

export const addMemberInput = v.strictObject({ partner: recordRef('par'), number: volunteerNumber, name: filledName });
export type AddMember = v.InferOutput<typeof addMemberInput>;
