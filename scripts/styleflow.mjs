#!/usr/bin/env node
/** `styleflow` in a checkout: `npx styleflow ARGS` is `npm run styleflow -- ARGS`. Set-up links it into node_modules/.bin. */
process.argv.splice(2, 0, 'styleflow');
await import('./run.mjs');
