import { JobError } from '@styleflow/contracts';
import type { UploadState } from './documented.js';
import { PartAddresses, type SignPage } from './part-addresses.js';
import { type SendOptions, sendBytes, type VideoBytes } from './send-bytes.js';
import { sleep } from './sleep.js';

/** Bytes that can be read in pieces. */
export type SlicedVideo = Blob | (VideoBytes & Required<Pick<VideoBytes, 'slice'>>);

/** How many parts are on their way at once. */
const PARTS_AT_ONCE = 4;
/** How often one part is tried, and the pause after the first try, which doubles. */
const TRIES = 6;
const FIRST_PAUSE_MS = 500;

/**
 * Sends the parts that are not there yet, several at once. A part that fails is tried again, with a new address.
 * @throws StyleFlowError of a part that cannot be sent, after those under way have ended
 */
export async function sendParts(
  { parts }: Pick<UploadState, 'parts'>,
  video: SlicedVideo,
  sign: SignPage,
  { onProgress, signal }: SendOptions,
): Promise<void> {
  if (parts === undefined) throw new JobError('internal', 'The API answered an upload without parts.');
  const missing = missingParts(parts);
  const addresses = new PartAddresses(sign);
  const rangeOf = (part: number): [number, number] => [
    (part - 1) * parts.bytes,
    Math.min(video.size, part * parts.bytes),
  ];
  const lengthOf = (part: number): number => rangeOf(part)[1] - rangeOf(part)[0];
  let sentBytes = video.size - missing.reduce((sum, part) => sum + lengthOf(part), 0);
  const underWay = new Map<number, number>();
  // Of one that goes on, what is there already; perhaps all.
  onProgress?.(sentBytes, video.size);
  const tell = (part: number, sent: number): void => {
    underWay.set(part, sent);
    onProgress?.(
      [...underWay.values()].reduce((sum, each) => sum + each, sentBytes),
      video.size,
    );
  };

  async function sendPart(part: number, stop: AbortSignal): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        const address = await addresses.of(part);
        const onPart = (sent: number): void => tell(part, sent);
        await sendBytes(address, video.slice(...rangeOf(part)), { onProgress: onPart, signal: stop });
        underWay.delete(part);
        sentBytes += lengthOf(part);
        return;
      } catch (error) {
        stop.throwIfAborted();
        tell(part, 0);
        addresses.forget(part);
        if (tries >= TRIES || !(error instanceof JobError) || !mayPass(error)) throw error;
        const seconds = error.details?.retryAfterSeconds;
        await sleep(typeof seconds === 'number' ? seconds * 1000 : FIRST_PAUSE_MS * 2 ** (tries - 1), stop);
      }
    }
  }

  const failed = new AbortController();
  const stop = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
  const queue = missing.values();
  const lane = async (): Promise<void> => {
    for (const part of queue) await sendPart(part, stop);
  };
  // One that fails stops the others; all have ended when this returns.
  const lanes = Array.from({ length: Math.min(PARTS_AT_ONCE, missing.length) }, () =>
    lane().catch((error: unknown) => {
      failed.abort(error);
      throw error;
    }),
  );
  await Promise.allSettled(lanes);
  signal?.throwIfAborted();
  if (failed.signal.aborted) throw failed.signal.reason;
}

function missingParts({ count, stored }: NonNullable<UploadState['parts']>): number[] {
  const there = new Set<number>();
  for (const [first, last] of stored) for (let part = first; part <= last; part += 1) there.add(part);
  return Array.from({ length: count }, (_, at) => at + 1).filter((part) => !there.has(part));
}

/** An address that has expired is asked for anew. */
function mayPass({ retryable, code }: JobError): boolean {
  return retryable || code === 'upload_expired';
}
