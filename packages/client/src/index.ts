export type { FollowedEvent } from './read-events.js';
export { type EntriesOptions, type ListOptions, StyleFlowClient, type SubmitOptions } from './styleflow-client.js';
export type { WaitOptions } from './wait-for-end.js';
