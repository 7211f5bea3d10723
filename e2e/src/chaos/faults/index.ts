import type { Fault } from '../fault.js';
import { PROCESS_FAULTS } from './process-faults.js';
import { REDIS_FAULTS } from './redis-faults.js';
import { STORE_FAULTS } from './store-faults.js';
import { WORKER_FAULTS } from './worker-faults.js';

/** Every fault that a run may meet. */
export const FAULTS: readonly Fault[] = [...STORE_FAULTS, ...REDIS_FAULTS, ...WORKER_FAULTS, ...PROCESS_FAULTS];
