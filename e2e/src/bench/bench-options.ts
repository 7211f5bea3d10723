import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';

/** What stood behind `npm run bench --`; wrong ones end the process with a sentence. */
export const { values, positionals } = readArguments();

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        bundle: { type: 'string' },
        clips: { type: 'string', default: '20000' },
        command: { type: 'string', default: '' },
        consoles: { type: 'string', default: '200' },
        cores: { type: 'string', default: '0' },
        detection: { type: 'string', default: 'adaptive' },
        dir: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', short: 'h', default: false },
        json: { type: 'boolean', default: false },
        faces: { type: 'string', default: '1,4,10' },
        faults: { type: 'string', default: '' },
        files: { type: 'string', default: '500' },
        frames: { type: 'string', default: '110' },
        items: { type: 'string' },
        jobs: { type: 'string' },
        kills: { type: 'string', default: '3' },
        mib: { type: 'string', default: '5' },
        minutes: { type: 'string' },
        'max-frames': { type: 'string', default: '0' },
        out: { type: 'string', default: join(tmpdir(), 'styleflow-bench') },
        providers: { type: 'string', default: 'cuda,cpu' },
        rounds: { type: 'string', default: '5' },
        sampling: { type: 'string', default: 'head' },
        scale: { type: 'string', default: '1' },
        seed: { type: 'string', default: '1' },
        size: { type: 'string', default: 'published' },
        sizes: { type: 'string', default: '360,1080,2160' },
        store: { type: 'string', default: 's3' },
        tools: { type: 'string' },
        'with-requests': { type: 'string', default: '0' },
        workers: { type: 'string', default: '1,2,4,8,16,32,64' },
      },
    });
  } catch (error) {
    process.stderr.write(`error: invalid_request: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

/** Options of the benchmark `device`. It needs a card, so it runs only when it is named. */
const DeviceOptionsSchema = z.object({
  providers: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(['cpu', 'cuda', 'tensorrt']))),
  size: z.enum(['published', 'eighth']),
});

export const deviceOptions = () => DeviceOptionsSchema.parse(values);

/** Of the benchmarks `against`, `budget` and `one-job`. */
const CostOptionsSchema = z.object({
  bundle: z.string().optional(),
  command: z.string(),
  cores: z.string().regex(/^\d+([-,]\d+)*$/, 'numbers of cores, as 0 or 0,1 or 0-3'),
  'max-frames': z.coerce.number().int().min(0),
  rounds: z.coerce.number().int().positive(),
});
export const costOptions = () => {
  const { 'max-frames': maxFrames, ...others } = CostOptionsSchema.parse(values);
  return { ...others, maxFrames };
};

/** Of the benchmark `chaos`. */
const ChaosOptionsSchema = z.object({
  seed: z.coerce.number().int().min(0),
  minutes: z.coerce.number().positive(),
  jobs: z.coerce.number().int().positive(),
  scale: z.coerce.number().positive(),
  store: z.enum(['s3', 'file']),
  faults: z.string().transform((text) => text.split(',').filter((id) => id !== '')),
});

export const chaosOptions = () =>
  ChaosOptionsSchema.parse({ ...values, jobs: values.jobs ?? 500, minutes: values.minutes ?? 10 });

/** Of the benchmarks of batches, each of which takes some of them. */
const BatchBenchOptionsSchema = z.object({
  items: z.coerce.number().int().positive().optional(),
  jobs: z.coerce.number().int().positive().optional(),
  files: z.coerce.number().int().positive(),
  mib: z.coerce.number().int().positive(),
  kills: z.coerce.number().int().min(0),
  tools: z.string().optional(),
  seed: z.coerce.number().int().min(0),
  'with-requests': z.coerce.number().int().min(0),
});
export const batchOptions = () => BatchBenchOptionsSchema.parse(values);

/** Whole numbers, as 1,4,10. */
function numbers(least: number, most: number) {
  return z
    .string()
    .transform((text) => text.split(',').map(Number))
    .pipe(z.array(z.number().int().min(least).max(most)));
}

/** Of the benchmark `prepare-sizes`. */
const PrepareSizesOptionsSchema = z.object({
  frames: numbers(1, 1_000_000),
  faces: numbers(1, 10),
  sizes: numbers(120, 2160),
  detection: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(['adaptive', 'dense']))),
});
export const prepareSizesOptions = () => {
  const { detection, ...others } = PrepareSizesOptionsSchema.parse(values);
  return { ...others, detections: detection };
};
