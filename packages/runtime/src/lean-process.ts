/**
 * How the system starts its processes so that they keep little memory that they do not use; the images say the same.
 * A process of several threads that take and free whole clips spreads over as many arenas of the C library, and V8 lets
 * each thread's young generation grow to 48 MB before it cleans up: together a quarter of a CPU worker, for no time.
 */
export const LEAN_NODE_FLAGS: readonly string[] = ['--max-semi-space-size=2'];

/** Under what the caller sets himself. */
export const LEAN_ENVIRONMENT: Readonly<Record<string, string>> = { MALLOC_ARENA_MAX: '2' };
