import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.md': 'text/markdown; charset=utf-8',
};

/** The folder with the built console. It is found as a file: the API knows nothing else of it, and compiles without it. */
export const SITE_FOLDER = join(
  dirname(createRequire(import.meta.url).resolve('@styleflow/console/package.json')),
  'site',
);

/** One file of the console, as it is and compressed. */
export interface SiteFile {
  readonly type: string;
  readonly etag: string;
  /** Whether its name holds its digest, so that it never changes. */
  readonly isHashed: boolean;
  readonly bytes: Buffer;
  readonly br: Buffer;
  readonly gzip: Buffer;
}

/**
 * Reads the built console, 2 MB with all its forms, once: what is served is looked up by name, so that no request reaches the file
 * system. Empty where it was not built.
 */
export function readSite(folder: string): ReadonlyMap<string, SiteFile> {
  const files = new Map<string, SiteFile>();
  if (!existsSync(folder)) return files;
  for (const path of readdirSync(folder, { recursive: true }).map(String)) {
    const file = join(folder, path);
    const type = TYPES[extname(path)];
    // While it is being built a file may not have its compressed forms yet: it is not served before.
    if (type === undefined || !statSync(file).isFile() || !existsSync(`${file}.br`) || !existsSync(`${file}.gz`))
      continue;
    const bytes = readFileSync(file);
    const name = path.split(sep).join('/');
    files.set(name, {
      type,
      etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
      isHashed: name.startsWith('assets/'),
      bytes,
      br: readFileSync(`${file}.br`),
      gzip: readFileSync(`${file}.gz`),
    });
  }
  return files;
}
