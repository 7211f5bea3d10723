import { createReadStream } from 'node:fs';
import { JobError, ResultSchema } from '@styleflow/contracts';
import { type Fault, sha256OfChunks } from '@styleflow/evidence';
import { printable } from '@styleflow/runtime';

/** Whether a file is the video that a result is about, by its digest. */
export async function compareVideo(result: string | null, path: string): Promise<readonly Fault[]> {
  const told = readVideoDigest(result);
  if (told === null) return [{ name: 'result.json', says: 'it does not tell the digest of its video' }];
  const found = await sha256OfChunks(createReadStream(path) as AsyncIterable<Buffer>).catch((cause: unknown) => {
    throw new JobError('invalid_request', `--video: ${printable(path)} cannot be read`, { cause });
  });
  if (found.sha256 === told) return [];
  return [{ name: printable(path), says: `it is another video: its SHA-256 is ${found.sha256}, not ${told}` }];
}

function readVideoDigest(result: string | null): string | null {
  try {
    const parsed = ResultSchema.pick({ video: true }).safeParse(JSON.parse(result ?? ''));
    return parsed.success ? parsed.data.video.sha256 : null;
  } catch {
    return null;
  }
}
