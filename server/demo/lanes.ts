/**
 * Which numbers each part of the demo counts its facts from. Ranges never overlap: a lane is far wider than what is
 * written in it, and the tests look for a number used twice.
 */
import { generatedTag, laneFrom, sourceTag, type Lane } from './notebook.ts';

const laneWidth = 4_096;
const lane = (number: number): Lane => laneFrom(generatedTag, number * laneWidth);

export const sourceLane = (): Lane => laneFrom(sourceTag, 0);
export const rosterLane = (): Lane => lane(0);
export const gridLane = (gridIndex: number): Lane => lane(1 + gridIndex);
export const volunteersLane = (): Lane => lane(100);
export const membersLane = (groupIndex: number): Lane => lane(110 + groupIndex);
export const storyLane = (): Lane => lane(200);
export const needStoryLane = (): Lane => lane(201);

export interface NeedPlace {
  readonly gridIndex: number;
  readonly monthIndex: number;
  /** Below 32. */
  readonly index: number;
}
const needWidth = 8;
const perMonth = 32;
/** A year and its neighbours: a month has the numbers it had on any other day of the year shown. */
const monthsApart = 16;
/** @param gridIndex below 100 */
export const needsLane = ({ gridIndex, monthIndex, index }: NeedPlace): Lane =>
  laneFrom(generatedTag, (300 + gridIndex) * laneWidth + ((monthIndex % monthsApart) * perMonth + index) * needWidth);

const visitsStart = 1_000 * laneWidth;
const visitsWidth = 64;
/** @param householdIndex below 100,000 */
export const visitsLane = (householdIndex: number): Lane => laneFrom(generatedTag, visitsStart + householdIndex * visitsWidth);

const residentsStart = 3_000 * laneWidth;
const residentsWidth = 32;
/** @param householdIndex below 100,000 */
export const residentsLane = (householdIndex: number): Lane => laneFrom(generatedTag, residentsStart + householdIndex * residentsWidth);

const activitiesStart = 10_000 * laneWidth;
const activityWidth = 128;
const perOrganiser = 32;
const organisers = 64;
/** @param monthIndex months since the year 0 */
export const activityLane = (monthIndex: number, organiserIndex: number, activityIndex: number): Lane =>
  laneFrom(generatedTag, activitiesStart + ((monthIndex * organisers + organiserIndex) * perOrganiser + activityIndex) * activityWidth);
