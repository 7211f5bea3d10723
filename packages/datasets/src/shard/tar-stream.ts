import { pack } from 'tar-stream';
import type { ShardFile } from '../sample/read-video.js';

/** Of every entry, so that equal files make equal shards. */
const ENTRY = { mode: 0o644, uid: 0, gid: 0, mtime: new Date(0) } as const;

/** A tar of the files, in their order, with back-pressure: it holds one file. What `files` throws ends it. */
export async function* tarStream(files: AsyncIterable<ShardFile>): AsyncGenerator<Uint8Array, void> {
  const tar = pack();
  const fill = async (): Promise<void> => {
    for await (const { name, bytes } of files) {
      await new Promise<void>((done, failed) => {
        const entry = tar.entry({ ...ENTRY, name, size: bytes.length }, (error) => (error ? failed(error) : done()));
        entry.end(bytes);
      });
    }
    tar.finalize();
  };
  fill().catch((error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))));
  for await (const chunk of tar as AsyncIterable<Uint8Array>) yield chunk;
}
