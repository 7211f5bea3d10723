import { type MediaFile, runFfprobe } from '../ffmpeg/ffmpeg-process.js';

/** Limit for reading all packets. Nothing is decoded, so an allowed file needs far less. */
const SCAN_CPU_SECONDS = 120;

/**
 * Reads the packets of some streams in the order of the file. Nothing is decoded or kept.
 * @param streams as ffprobe selects them: an index, or `v` for all video streams.
 * @param onPacket gets the fields in ffprobe's own order; returning false stops the reading.
 * @throws {JobError} `canceled`, `decode_timeout`.
 */
export async function readPackets(
  file: MediaFile,
  streams: string,
  fields: readonly string[],
  signal: AbortSignal | undefined,
  onPacket: (values: readonly string[]) => boolean,
): Promise<void> {
  let unfinishedLine = '';
  const onStdout = (text: string): boolean => {
    const lines = (unfinishedLine + text).split('\n');
    unfinishedLine = lines.pop() ?? '';
    return lines.every((line) => line === '' || onPacket(line.split(',')));
  };
  const options = [
    ...['-v', 'error', '-select_streams', streams],
    ...['-show_entries', `packet=${fields.join(',')}`, '-of', 'csv=p=0'],
  ];
  await runFfprobe(file, options, { maxCpuSeconds: SCAN_CPU_SECONDS, signal, onStdout });
}
