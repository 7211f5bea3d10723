/** What a stage rests on beside the job's input, and whose fault it is when that is away; see `Fault`. */
export const SURROUNDINGS = {
  redis: { fault: 'surroundings', name: 'Redis' },
  store: { fault: 'surroundings', name: 'the object store' },
  names: { fault: 'surroundings', name: 'the name service' },
  /** Nothing is broken: the entry waits until others have fetched, without an end. */
  turn: { fault: 'surroundings', name: 'its turn to fetch' },
  /** Nothing is broken here either: the source itself has told when to come again. */
  pause: { fault: 'surroundings', name: 'the time that its source has told' },
  scratch: { fault: 'worker', name: 'the scratch disk' },
  descriptors: { fault: 'worker', name: 'the supply of file descriptors' },
  programs: { fault: 'worker', name: 'ffmpeg' },
} as const satisfies Record<string, { readonly fault: 'surroundings' | 'worker'; readonly name: string }>;

export type Surrounding = keyof typeof SURROUNDINGS;

/** What the operating system's refusals say of the machine. */
const LACKS: Readonly<Record<string, Surrounding>> = {
  ENOSPC: 'scratch',
  EDQUOT: 'scratch',
  EROFS: 'scratch',
  EMFILE: 'descriptors',
  ENFILE: 'descriptors',
};

/** Errors wrap errors; nobody wraps deeper than this. */
const MOST_CAUSES = 5;

/**
 * What a machine lacks, as a system error or the cause of an error tells it; undefined for every other error. A full disk is taken for
 * the scratch disk, since the object store words its own errors.
 */
export function lackOf(thrown: unknown): Surrounding | undefined {
  let error = thrown;
  for (let depth = 0; error instanceof Error && depth < MOST_CAUSES; depth++) {
    const code = 'code' in error ? error.code : undefined;
    const lack = typeof code === 'string' ? LACKS[code] : undefined;
    if (lack !== undefined) return lack;
    error = error.cause;
  }
  return undefined;
}
