import type House from '@lucide/svelte/icons/house';

/** Any icon imported one by one: `import Footprints from '@lucide/svelte/icons/footprints'`. */
export type Icon = typeof House;
