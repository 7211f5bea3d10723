import { type JobId, mintJobId, type Result, ResultSchema } from '@styleflow/contracts';
import { type ReportInput, reportPage } from '@styleflow/cpu-worker';
import type { connectQueue } from '@styleflow/queue';
import { clipScoreKey, frameKey, type ObjectStore, reportKey, resultKey, stripKey } from '@styleflow/storage';
import type { SystemUnderTest } from '../../system/system.js';

const FRAMES_OF_CLIP = 32;
const RATE = 25;

export interface MadeJob {
  readonly id: JobId;
  readonly report: Buffer;
  readonly clips: number;
}

export interface RealJob {
  readonly id: JobId;
  readonly result: Result;
  readonly strip: Buffer;
  readonly frame: Buffer;
  /** Style flow and attention of a clip. */
  readonly details: Awaited<ReturnType<SystemUnderTest['client']['clipDetails']>>;
}

/** A short video with two faces that the system has really looked at: what the long ones repeat. */
export async function runRealJob({ client }: SystemUnderTest, video: string): Promise<RealJob> {
  const { id } = await client.submitFile(video, { options: { maxFrames: 0 } });
  await client.wait(id);
  const result = ResultSchema.parse(await client.result(id));
  const bytes = async (stream: ReadableStream<Uint8Array>): Promise<Buffer> =>
    Buffer.from(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
  const strip = await bytes(await client.jobs.clipPicture(id, 0, 0));
  const frame = await bytes(await client.jobs.frame(id, result.frames?.[0]?.frame ?? 0));
  return { id: id as JobId, result, strip, frame, details: await client.clipDetails(id, 0, 0) };
}

/**
 * Writes a job with so many faces, each with so many clips, as the workers leave one: record, result, report, and the pictures and
 * numbers of the clips that are shown. Its boxes are as dense, and its pictures as heavy, as those of the real job.
 */
export async function makeJob(
  { records }: Pick<Awaited<ReturnType<typeof connectQueue>>, 'records'>,
  store: ObjectStore,
  real: RealJob,
  { faces, clips }: { readonly faces: number; readonly clips: number },
): Promise<MadeJob> {
  const first = await records.read(real.id);
  if (first === null) throw new Error(`${real.id} has no record`);
  const id = mintJobId();
  const { owner, source, options, bundle } = first;
  await records.create({ id, owner, source, options, bundle, metadata: { file: `${faces} faces.mp4` } });
  await records.beginPrepare({ job: id, run: 1 });
  const result = longResult(real, id, faces, clips);
  const shown: { readonly track: number; readonly clip: number }[] = [];
  const input: ReportInput = {
    ...{ record: { ...first, id, run: 1, metadata: { file: `${faces} faces.mp4` } }, result, language: 'en' },
    clipBytes: async () => real.strip.length,
    clipPicture: async (place) => {
      shown.push(place);
      return real.strip;
    },
    hasFrame: async () => true,
    framePicture: async () => real.frame,
    details: async () => real.details,
  };
  const pieces: string[] = [];
  for await (const piece of reportPage(input)) pieces.push(piece);
  const report = Buffer.from(pieces.join(''));
  await store.put(reportKey(id), report, 'text/html');
  await store.put(resultKey(id), JSON.stringify(result), 'application/json');
  const score = JSON.stringify({ v: 1, ...real.details });
  for (const { track, clip } of shown) {
    await store.put(stripKey(id, 1, track, clip), real.strip, 'image/png');
    await store.put(clipScoreKey(id, 1, track, clip), score, 'application/json');
  }
  for (const { frame } of result.frames ?? []) await store.put(frameKey(id, 1, frame), real.frame, 'image/jpeg');
  await records.end({ job: id, run: 1 }, { status: 'succeeded', verdict: result.verdict, faces, clips: faces * clips });
  return { id, report, clips: faces * clips };
}

function longResult({ result }: RealJob, job: JobId, faces: number, clips: number): Result {
  const [face] = result.faces;
  const [clip] = face?.clips ?? [];
  if (face === undefined || clip === undefined) throw new Error('the short video has no face');
  const { styleFlow: _, attention: __, ...plain } = clip;
  const frames = clips * FRAMES_OF_CLIP;
  const span = face.frames[1] - face.frames[0] + 1;
  const boxesOf = (track: number) =>
    Array.from({ length: Math.ceil(frames / span) }, (_, round) =>
      face.boxes.map(({ frame, box }) => {
        const at = frame - face.frames[0] + round * span;
        return { frame: at, seconds: at / RATE, box: shifted(box, track) };
      }),
    )
      .flat()
      .filter(({ frame }) => frame < frames);
  const scoreOf = (track: number, index: number): number => ((index * 37 + track * 11) % 100) / 100;
  const { preview: _preview, ...kept } = result;
  return ResultSchema.parse({
    ...kept,
    job,
    video: { ...result.video, framesUsed: frames, durationSeconds: frames / RATE, fps: RATE },
    cuts: Array.from({ length: 40 }, (_, n) => (n * frames) / RATE / 40),
    faces: Array.from({ length: faces }, (_, track) => ({
      ...{ track, rank: track + 1, frames: [0, frames - 1], frameCount: frames, framesUnused: 0 },
      ...{ firstScore: 0.9, score: 0.5, boxes: boxesOf(track) },
      clips: Array.from({ length: clips }, (_, index) => {
        const from = index * FRAMES_OF_CLIP;
        const score = scoreOf(track, index);
        return {
          ...{ ...plain, index, frames: [from, from + 31], seconds: [from / RATE, (from + 31) / RATE], padded: false },
          ...{
            logit: 0,
            score,
            picture: `faces/${track}/clips/${index}.png`,
            details: `faces/${track}/clips/${index}.json`,
          },
        };
      }),
    })),
  });
}

/** Faces side by side, so that their boxes do not lie on one another. */
function shifted([left, top, right, bottom]: readonly number[], track: number): [number, number, number, number] {
  const by = track * 12;
  return [(left ?? 0) + by, top ?? 0, (right ?? 0) + by, bottom ?? 0];
}
