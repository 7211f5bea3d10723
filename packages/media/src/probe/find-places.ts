import { type MediaFile, runFfprobe } from '../ffmpeg/ffmpeg-process.js';
import { type MediaLimits, maxCodedPixels } from '../ffmpeg/media-limits.js';

/** Containers whose index names places in the file by their distance from its beginning. */
const NAMES_PLACES = new Set(['mov']);
const CPU_SECONDS = 20;
/** Of pictures and sound together. */
const PACKETS_READ = 4;

/**
 * Finds out from where a container behind a vendor's header counts the places of its pictures: from its own beginning
 * or, where the recorder wrote header and index at once, from the file's. The pictures are at the place from which they
 * decode without a complaint. Only files with such a header are read for it.
 * @throws {JobError} `canceled`, `decode_timeout`.
 */
export async function findPlaces(
  file: MediaFile,
  limits: MediaLimits,
  signal: AbortSignal | undefined,
): Promise<MediaFile> {
  if (file.skipBytes === 0 || !NAMES_PLACES.has(file.demuxer) || (await decodes(file, limits, signal))) return file;
  const other = { ...file, countsHeader: true };
  return (await decodes(other, limits, signal)) ? other : file;
}

async function decodes(file: MediaFile, limits: MediaLimits, signal: AbortSignal | undefined): Promise<boolean> {
  const options = [
    ...['-v', 'error', '-threads', '1', '-max_pixels', String(maxCodedPixels(limits)), '-select_streams', 'V'],
    ...['-read_intervals', `%+#${PACKETS_READ}`, '-of', 'csv=p=0', '-show_entries', 'frame=stream_index'],
  ];
  const { exitCode, stdout, stderr } = await runFfprobe(file, options, { maxCpuSeconds: CPU_SECONDS, signal });
  return exitCode === 0 && stdout.trim() !== '' && stderr === '';
}
