/** Where programs and libraries are found; nothing else of ours: not the keys of the store, nor the address of Redis. */
const KEPT_VARIABLES = ['PATH', 'LD_LIBRARY_PATH'];

/** The whole environment of ffmpeg and ffprobe, as `NAME=value`. */
export function toolEnvironment(): string[] {
  return KEPT_VARIABLES.flatMap((name) => (process.env[name] === undefined ? [] : [`${name}=${process.env[name]}`]));
}
