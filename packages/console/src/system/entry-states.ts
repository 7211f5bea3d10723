/** The states of an entry as the API names them, each with its word. */
export const ENTRY_STATES = [
  ['waiting', 'waiting'],
  ['active', 'active'],
  ['delayed', 'delayed'],
  ['waiting-children', 'children'],
  ['failed', 'failed'],
  ['completed', 'completed'],
] as const;
export type EntryState = (typeof ENTRY_STATES)[number][0];

/** The word of a state. */
export function stateWord(state: EntryState): (typeof ENTRY_STATES)[number][1] {
  return state === 'waiting-children' ? 'children' : state;
}
