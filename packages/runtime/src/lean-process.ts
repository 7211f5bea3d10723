/**
 * Flags and variables with which processes keep less memory that they do not use, and get what they use in larger pieces. Container
 * images set the same.
 * Several threads take and free whole clips: the C library gives each an arena of its own, and V8 lets the young
 * generation of each grow to 48 MB before it cleans up. Both take memory and save no time (docs/operations/tuning.md,
 * an idle CPU worker).
 */
export const LEAN_NODE_FLAGS: readonly string[] = ['--max-semi-space-size=2'];

/**
 * Asks the C library of Debian and Ubuntu for pages of 2 MB where the kernel grants them on request: networks then touch hundreds of
 * pages, not a hundred thousand. Others know no such variable.
 */
export const LARGE_PAGES: Readonly<Record<string, string>> = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' };

/** Defaults for the environment of child processes: what the caller sets itself comes first. */
export const LEAN_ENVIRONMENT: Readonly<Record<string, string>> = { MALLOC_ARENA_MAX: '2', ...LARGE_PAGES };
