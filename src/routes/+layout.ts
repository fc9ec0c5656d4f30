// Every screen reads the tablet's own copy, which no server has: one shell is served for all paths.
export const ssr = false;
export const prerender = false;
export const trailingSlash = 'never';
