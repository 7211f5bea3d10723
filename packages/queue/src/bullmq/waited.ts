import { SURROUNDINGS, type Surrounding } from '@styleflow/contracts';
import { z } from 'zod';

/**
 * What an entry waits for, kept beside its payload while something is away, so that whichever worker has it next knows how long
 * that has been. Versions that do not know it leave it alone.
 */
export interface Waited {
  readonly away: Surrounding;
  /** When it was first missed, ms since the epoch by the clock of Redis. */
  readonly since: number;
  /** How often the entry was put aside since then. */
  readonly times: number;
  /** When it is to be tried again, by the same clock; absent where a version before put it aside. */
  readonly due?: number | undefined;
  /** The error that it was put aside for last, as `printJobError` writes it. */
  readonly reason: string;
}

const names = Object.keys(SURROUNDINGS) as [Surrounding, ...Surrounding[]];

const EntrySchema = z.object({
  waited: z.object({
    away: z.enum(names),
    since: z.number(),
    times: z.int().min(0),
    due: z.number().optional().catch(undefined),
    reason: z.string().catch(''),
  }),
});

/** Of an entry's data; null when it waits for nothing, or for what only another version knows. */
export function readWaited(entryData: unknown): Waited | null {
  return EntrySchema.safeParse(entryData).data?.waited ?? null;
}
