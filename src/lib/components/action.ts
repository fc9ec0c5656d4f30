/** One thing to do: goes somewhere, or does something. */
export type Action = { label: string } & ({ href: string; onclick?: never } | { onclick: () => void; href?: never });
