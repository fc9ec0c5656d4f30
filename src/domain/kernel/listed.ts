/** The least a view needs to know of a record; a row of the projection is one. */
export interface Listed<F> {
  readonly id: string;
  readonly fields: F;
}
