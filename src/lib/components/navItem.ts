import type { Icon } from './icon.ts';

export interface NavItem {
  href: string;
  label: string;
  icon: Icon;
  /** How many things wait there for a person; 0 shows nothing. */
  badge?: number | undefined;
}

/** A thumb's bar holds five: what does not fit stands on the page of the last, which is "more". */
export const foldedOf = (items: readonly NavItem[]): readonly NavItem[] => (items.length > 5 ? items.slice(4, -1) : []);

/** The item that owns the path: the longest address the path starts with, by whole segments. */
export function itemOfPath(items: readonly NavItem[], path: string): NavItem | undefined {
  const owns = ({ href }: NavItem) => path === href || path.startsWith(href.endsWith('/') ? href : `${href}/`);
  return items.filter(owns).sort((a, b) => b.href.length - a.href.length)[0];
}
