import { readFileSync, statSync } from 'node:fs';
import { url as debuggerUrl } from 'node:inspector';

/** Path from the program's folder, bytes, and seconds since 1970: see scripts/programs/write-program.mjs. */
type ModuleFacts = readonly [path: string, bytes: number, seconds: number];

/**
 * The packed form of a process's program, or null where there is none or a module of it has changed since: then the modules themselves
 * are loaded, a second slower. So they are for a debugger, whose breakpoints stand in the sources.
 * @param folder where it stands, with a slash at the end
 */
export function packedProgram(folder: URL): string | null {
  if (debuggerUrl() !== undefined) return null;
  try {
    const modules = JSON.parse(readFileSync(new URL('modules.json', folder), 'utf8')) as readonly ModuleFacts[];
    const isSame = modules.every(([path, bytes, seconds]) => {
      const { size, mtimeMs } = statSync(new URL(path, folder));
      return size === bytes && Math.floor(mtimeMs / 1000) === seconds;
    });
    return isSame && modules.length > 0 ? new URL('serve.js', folder).href : null;
  } catch {
    return null;
  }
}
