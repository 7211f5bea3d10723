import { config } from 'zod';

// Its schemas would else try to make code at run time, which the policy of the page forbids. Imported before anything that parses.
config({ jitless: true });
