/** What is typed about a door that the route lacks, and what is saved of it. */
import type { TypedDoor } from '$client/queries/similar.ts';
import type { InputOf } from '$domain/commands.ts';

/** `id` '' for a building that is put up with this door. */
export type ChosenBuilding = { id: string; title: string };

export type DoorForm = {
  grid: string;
  building: ChosenBuilding | null;
  courtyard: string;
  unit: number | null;
  door: string;
  floor: number | null;
  /** Typed by hand: no longer read off the door number. */
  ownFloor: boolean;
  hint: string;
};

export const emptyDoor = (grid: string): DoorForm => ({ grid, building: null, courtyard: '', unit: null, door: '', floor: null, ownFloor: false, hint: '' });

export const isBlank = ({ building, door, hint }: DoorForm): boolean => building === null && door === '' && hint === '';

/** What the doors that are here are compared with. */
export const typedDoor = ({ grid, building, courtyard, unit, door }: DoorForm): TypedDoor =>
  ({ grid, building: building === null ? '' : building.id || `${courtyard} ${building.title}`, unit: unit ?? 0, door });

/** Undefined while something is missing. */
export function doorInput({ grid, building, courtyard, unit, door, floor, hint }: DoorForm): InputOf<'addHousehold'> | undefined {
  if (grid === '' || building === null || door.trim() === '' || floor === null) return undefined;
  const stands = building.id === '' ? { name: building.title, ...(courtyard.trim() === '' ? {} : { courtyard }) } : building.id;
  return { grid, building: stands, unit: unit ?? 0, floor, door, ...(hint.trim() === '' ? {} : { hint }) };
}
