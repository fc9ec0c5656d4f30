/** Codes of grids and communities, which stand in the names of rooms for good. */
export const isCode = (text: string): boolean => /^[a-z0-9][a-z0-9-]{0,31}$/.test(text);
