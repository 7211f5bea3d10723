import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ERROR_TABLE, JobError, MAX_BATCH_ITEMS } from '@styleflow/contracts';
import { z } from 'zod';
import { benchApi } from './api-cost.js';
import { benchAutoscale } from './autoscale/autoscale.js';
import { benchBatchSize } from './batch-size.js';
import { benchMillionLines } from './batches/million-lines.js';
import { benchTenThousand } from './batches/ten-thousand.js';
import { benchTwoUploaders } from './batches/two-uploaders.js';
import { benchWebhookStorm } from './batches/webhook-storm.js';
import { benchHelp } from './bench-help.js';
import { benchChaos } from './chaos.js';
import { benchAgainst } from './cost/against.js';
import { benchBudget } from './cost/budget.js';
import { benchDevice } from './device/device.js';
import { benchEndToEnd } from './end-to-end/end-to-end.js';
import { benchFaces } from './faces/faces.js';
import { benchWatching } from './faces/watching.js';
import { benchHostileFiles } from './hostile-files/hostile-files.js';
import { benchJudging } from './judging/judging.js';
import { benchKillStorm } from './kill-storm.js';
import { benchDrippingClients } from './load/dripping-clients.js';
import { benchSteadyLoad } from './load/steady-load.js';
import { benchLongPoll } from './long-poll.js';
import { benchLongVideo } from './long-video.js';
import { benchClipMemory } from './models/clip-memory.js';
import { benchFullSize } from './models/full-size.js';
import { benchModels } from './models/models.js';
import { benchWorkerStart } from './models/worker-start.js';
import { benchCage } from './prepare/cage-cost.js';
import { benchPrepare } from './prepare/prepare.js';
import { benchPrepareSizes } from './prepare/prepare-sizes.js';
import { figureLines } from './print-figures.js';
import { benchRollingRestart } from './rolling-restart.js';
import { benchFeeding } from './scale/feeding.js';
import { benchScale } from './scale/scale.js';
import { benchWorkerScaling } from './scale/worker-scaling.js';

const { values, positionals } = readArguments();

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        bundle: { type: 'string' },
        clips: { type: 'string', default: '20000' },
        command: { type: 'string', default: '' },
        cores: { type: 'string', default: '0' },
        dir: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', short: 'h', default: false },
        json: { type: 'boolean', default: false },
        faults: { type: 'string', default: '' },
        files: { type: 'string', default: '500' },
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
const DeviceOptions = z.object({
  providers: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(['cpu', 'cuda', 'tensorrt']))),
  size: z.enum(['published', 'eighth']),
});

/** Of the benchmarks `against` and `budget`. */
const CostOptionsSchema = z.object({
  bundle: z.string().optional(),
  command: z.string(),
  cores: z.string().regex(/^\d+([-,]\d+)*$/, 'numbers of cores, as 0 or 0,1 or 0-3'),
  'max-frames': z.coerce.number().int().min(0),
  rounds: z.coerce.number().int().positive(),
});
const costOptions = () => {
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
const batchOptions = () => BatchBenchOptionsSchema.parse(values);

const BENCHES: Readonly<Record<string, (say: (line: string) => void) => Promise<Record<string, unknown>>>> = {
  api: benchApi,
  autoscale: (say) => benchAutoscale(say, Number(values.clips)),
  'batch-size': benchBatchSize,
  cage: benchCage,
  chaos: (say) =>
    benchChaos(say, ChaosOptionsSchema.parse({ ...values, jobs: values.jobs ?? 500, minutes: values.minutes ?? 10 })),
  'clip-memory': benchClipMemory,
  device: (say) => benchDevice(say, DeviceOptions.parse(values)),
  'dripping-clients': benchDrippingClients,
  'end-to-end': benchEndToEnd,
  'full-size-models': benchFullSize,
  'hostile-files': (say) => benchHostileFiles(say, values.dir),
  judging: benchJudging,
  'kill-storm': benchKillStorm,
  'long-poll': benchLongPoll,
  'long-video': (say) => benchLongVideo(say, Number(values.minutes ?? 60)),
  'million-lines': (say) => benchMillionLines(say, batchOptions().items ?? MAX_BATCH_ITEMS),
  models: benchModels,
  'prepare-sizes': benchPrepareSizes,
  feeding: benchFeeding,
  'rolling-restart': benchRollingRestart,
  scale: benchScale,
  'steady-load': (say) => benchSteadyLoad(say, Number(values.minutes ?? 60)),
  'ten-thousand': (say) => {
    const { items = 10_000, kills, seed, tools, 'with-requests': requests } = batchOptions();
    return benchTenThousand(say, { items, kills, seed, tools, requests });
  },
  'two-uploaders': (say) => benchTwoUploaders(say, batchOptions()),
  'webhook-storm': (say) => benchWebhookStorm(say, { jobs: batchOptions().jobs ?? 1_000, seed: batchOptions().seed }),
  'worker-start': benchWorkerStart,
  'worker-scaling': async (say) => ({ points: await benchWorkerScaling(say, values.workers.split(',').map(Number)) }),
};

/** Benchmarks that take a file or folder after their name. */
const PATH_BENCHES: Readonly<
  Record<string, (say: (line: string) => void, path: string) => Promise<Record<string, unknown>>>
> = {
  against: (say, video) => benchAgainst(say, video, costOptions()),
  budget: (say, video) => benchBudget(say, video, costOptions()),
  faces: (say, folder) => benchFaces(say, folder, values.out),
  prepare: (say, path) =>
    benchPrepare(say, path, { maxFrames: Number(values['max-frames']), sampling: values.sampling }),
  watching: (say, folder) => benchWatching(say, folder, Number(values['max-frames'])),
};

/** Progress on stderr, the figures on stdout: one table for people, one JSON object for machines. */
async function main(): Promise<void> {
  if (values.help) {
    process.stdout.write(benchHelp(Object.keys(BENCHES), Object.keys(PATH_BENCHES)));
    return;
  }
  const [name = '', path] = positionals;
  const pathBench = Object.hasOwn(PATH_BENCHES, name) ? PATH_BENCHES[name] : undefined;
  if (pathBench && path !== undefined) {
    print({ [name]: await timed(name, (say) => pathBench(say, path)) });
    return;
  }
  if (pathBench) {
    process.stderr.write(`error: invalid_request: ${name} wants a file or folder behind its name\n`);
    process.exitCode = 2;
    return;
  }
  const unknown = positionals.filter((name) => !Object.hasOwn(BENCHES, name));
  if (unknown.length > 0) {
    process.stderr.write(
      `error: invalid_request: no benchmark ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')} and, with a path, ${Object.keys(PATH_BENCHES).join(', ')} (--help tells more)\n`,
    );
    process.exitCode = 2;
    return;
  }
  const figures: Record<string, unknown> = {};
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (positionals.length > 0 ? !positionals.includes(name) : name === 'device') continue;
    figures[name] = await timed(name, bench);
  }
  print(figures);
}

async function timed<T>(name: string, bench: (say: (line: string) => void) => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  process.stderr.write(`${name} …\n`);
  const figures = await bench((line) => process.stderr.write(`  ${line}\n`));
  process.stderr.write(`${name} took ${((performance.now() - startedAt) / 1000).toFixed(0)} s\n`);
  return figures;
}

function print(figures: Readonly<Record<string, unknown>>): void {
  process.stdout.write(values.json ? `${JSON.stringify(figures)}\n` : `${figureLines(figures).join('\n')}\n`);
}

main()
  .catch((error: unknown) => {
    // Of what was asked for wrongly, the place in here where it was noticed tells nobody anything.
    if (error instanceof JobError && ['caller', 'input'].includes(ERROR_TABLE[error.code].fault)) {
      process.stderr.write(`error: ${error.code}: ${error.message}\n`);
      process.exitCode = 2;
      return;
    }
    process.stderr.write(`error: internal: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  })
  // Node's own clean-up may turn in circles for ever after connections that broke in the middle of a write.
  .finally(() => process.exit());
