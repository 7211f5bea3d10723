import type { MediaFile } from '../ffmpeg/ffmpeg-process.js';
import type { FfprobeOutput, FfprobeStream } from './ffprobe-output.js';
import { readPackets } from './read-packets.js';

/** After so many packets, a stream that has given one picture at most is taken for a still one. */
const PACKETS_LOOKED_AT = 5_000;

/** The video streams of a file, cover pictures and thumbnails left out. */
export function videoStreams(output: FfprobeOutput | null): FfprobeStream[] {
  return (output?.streams ?? []).filter(({ codec_type, disposition }) => {
    const { attached_pic, still_image, timed_thumbnails } = disposition;
    return codec_type === 'video' && !attached_pic && !still_image && !timed_thumbnails;
  });
}

/** Whether a decoder can be chosen for it and its size is known. */
export function isKnown({ codec_name, width, height }: FfprobeStream): boolean {
  return codec_name !== 'unknown' && codec_name !== 'none' && width > 0 && height > 0;
}

/**
 * The stream that a player would show: a known codec before an unknown one, a moving picture before a still one, then the
 * one that is marked as default, then the first.
 * @throws {JobError} `canceled`, `decode_timeout`.
 */
export async function chooseVideoStream(
  file: MediaFile,
  streams: readonly FfprobeStream[],
  signal: AbortSignal | undefined,
): Promise<FfprobeStream | undefined> {
  if (streams.length < 2) return streams[0];
  const moving = await movingStreams(file, streams, signal);
  const rank = (stream: FfprobeStream): number =>
    (isKnown(stream) ? 4 : 0) + (moving.has(stream.index) ? 2 : 0) + (stream.disposition.default ? 1 : 0);
  return streams.reduce((best, stream) => (rank(stream) > rank(best) ? stream : best));
}

/** Indices of the streams that have more than one picture. Some files say it nowhere, so packets are counted. */
async function movingStreams(
  file: MediaFile,
  streams: readonly FfprobeStream[],
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<number>> {
  const seen = new Set<number>();
  const moving = new Set<number>();
  const wanted = new Set(streams.map(({ index }) => index));
  let packets = 0;
  await readPackets(file, 'v', ['stream_index'], signal, ([text = '']) => {
    const index = Number.parseInt(text, 10);
    if (wanted.has(index) && seen.has(index)) moving.add(index);
    seen.add(index);
    packets += 1;
    return moving.size < wanted.size && packets < PACKETS_LOOKED_AT;
  });
  return moving;
}
