import { appendFileSync } from 'node:fs';
import type { InitializeHook, LoadHook } from 'node:module';

/** Hooks of Node's module loader that note what is loaded, in the file that they are started with. */
let list = '';

export const initialize: InitializeHook<{ readonly list: string }> = (data) => {
  list = data.list;
};

export const load: LoadHook = (url, context, next) => {
  appendFileSync(list, `${url}\n`);
  return next(url, context);
};
