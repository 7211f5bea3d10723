import type { Readable } from 'node:stream';
import yazl from 'yazl';

/** What goes into a package, under its name. `open` is asked when its turn has come, after the last byte of the entry before. */
export interface ZipEntry {
  readonly name: string;
  open(): Promise<Readable> | Readable;
}

/**
 * The one form in which packages are written: nothing compressed, no comments, one date for all, entries one after the other. So names
 * and contents alone decide every byte of the file, and whoever writes them again must get the same file.
 */
const FORM = { compress: false, mode: 0o100644, mtime: new Date(1980, 0, 1), forceDosTimestamp: true };

/** Writes entries one after the other, as fast as they are read. An entry that breaks, breaks the whole. */
export function writeZip(entries: Iterable<ZipEntry>): Readable {
  const zip = new yazl.ZipFile();
  const output = zip.outputStream as Readable;
  const fail = (error: unknown): void => {
    output.destroy(error instanceof Error ? error : new Error(String(error)));
  };
  zip.on('error', fail);
  let reading: Readable | null = null;
  // Whoever has left reads no further entry.
  output.once('close', () => reading?.destroy());
  for (const { name, open } of entries) {
    zip.addReadStreamLazy(name, FORM, (give) => {
      const begin = async (): Promise<void> => {
        reading = await open();
        reading.on('error', fail);
        give(null, reading);
      };
      begin().catch(fail);
    });
  }
  zip.end();
  return output;
}
