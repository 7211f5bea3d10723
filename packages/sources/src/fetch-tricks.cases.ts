import { ADDRESSES_INSIDE } from './fetch-tricks-addresses-inside.cases.js';
import { NAMES_THAT_LEAD_INSIDE } from './fetch-tricks-names-that-lead-inside.cases.js';
import { ODD_ADDRESSES } from './fetch-tricks-odd-addresses.cases.js';
import { PORTS_AND_LISTS } from './fetch-tricks-ports-and-lists.cases.js';
import { REDIRECTS } from './fetch-tricks-redirects.cases.js';
import type { FetchTrick } from './test-fetch-tricks.js';

/** Every trick, by its subject. */
export const FETCH_TRICKS: readonly FetchTrick[] = [
  ...ADDRESSES_INSIDE,
  ...ODD_ADDRESSES,
  ...NAMES_THAT_LEAD_INSIDE,
  ...REDIRECTS,
  ...PORTS_AND_LISTS,
];
