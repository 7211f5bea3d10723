import { type MediaFile, runFfprobe } from '../ffmpeg/ffmpeg-process.js';
import {
  type FfprobeFrame,
  type FfprobeOutput,
  type FfprobeStream,
  FRAME_ENTRIES,
  parseOutput,
} from './ffprobe-output.js';
import { type Orientation, readDisplayMatrix, UPRIGHT } from './orientation.js';

/** Codecs whose pictures can say how they are to be turned, in a message beside them (SEI "display orientation"). */
const PICTURES_MAY_TELL = new Set(['h264', 'hevc', 'vvc']);
/**
 * So many packets of the stream are read. Of two one is a picture, unless a beginning was cut away: key frames may lie 20 s
 * apart, and they alone are decoded then.
 */
const PACKETS_READ = [2, 600] as const;
const CPU_SECONDS = 20;

/** Whether pictures of a codec may tell how they are turned, each by itself. */
export function mayTellOrientation(codec: string): boolean {
  return PICTURES_MAY_TELL.has(codec);
}

/**
 * How a stream is shown. What its first picture says of itself counts before what the container says of the stream, and
 * holds for the whole stream: so players show it that know both, and no picture is turned twice that both tell of.
 * @param output of the first probe, which has decoded the first packets of the file. Only where none of them was a
 * picture of this stream is the file read again.
 * @throws {JobError} `canceled`, `decode_timeout`.
 */
export async function findOrientation(
  file: MediaFile,
  output: FfprobeOutput,
  stream: FfprobeStream,
  signal: AbortSignal | undefined,
): Promise<Orientation> {
  const ofPicture = mayTellOrientation(stream.codec_name)
    ? matrixOf(firstPicture(output.frames, stream) ?? (await readFirstPicture(file, stream, signal)))
    : undefined;
  const matrix = ofPicture ?? matrixOf(stream);
  return matrix === undefined ? UPRIGHT : readDisplayMatrix(matrix);
}

/** The first picture, or the next one if that alone tells: some programs write the message behind the first. */
function firstPicture(frames: readonly FfprobeFrame[], { index }: FfprobeStream): FfprobeFrame | undefined {
  const pictures = frames.filter(({ stream_index }) => stream_index === index);
  return pictures.find((picture) => matrixOf(picture) !== undefined) ?? pictures[0];
}

async function readFirstPicture(
  file: MediaFile,
  stream: FfprobeStream,
  signal: AbortSignal | undefined,
): Promise<FfprobeFrame | undefined> {
  for (const packets of PACKETS_READ) {
    const options = [
      ...['-v', 'error', '-threads', '1', '-select_streams', String(stream.index)],
      ...(packets > PACKETS_READ[0] ? ['-skip_frame', 'nokey'] : []),
      ...['-read_intervals', `%+#${packets}`, '-of', 'json', '-show_entries', FRAME_ENTRIES],
    ];
    const { stdout } = await runFfprobe(file, options, { maxCpuSeconds: CPU_SECONDS, signal });
    const picture = firstPicture(parseOutput(stdout)?.frames ?? [], stream);
    if (picture) return picture;
  }
  return undefined;
}

function matrixOf(of: Pick<FfprobeFrame, 'side_data_list'> | undefined): string | undefined {
  return of?.side_data_list.find(({ displaymatrix }) => displaymatrix !== undefined)?.displaymatrix;
}
