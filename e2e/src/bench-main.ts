import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { benchAutoscale } from './bench/autoscale/autoscale.js';
import { benchBatchSize } from './bench/batch-size.js';
import { benchDevice } from './bench/device/device.js';
import { benchEndToEnd } from './bench/end-to-end/end-to-end.js';
import { benchFaces } from './bench/faces/faces.js';
import { benchKillStorm } from './bench/kill-storm.js';
import { benchLongPoll } from './bench/long-poll.js';
import { benchLongVideo } from './bench/long-video.js';
import { benchClipMemory } from './bench/models/clip-memory.js';
import { benchFullSize } from './bench/models/full-size.js';
import { benchModels } from './bench/models/models.js';
import { benchRollingRestart } from './bench/rolling-restart.js';
import { benchFeeding } from './bench/scale/feeding.js';
import { benchScale } from './bench/scale/scale.js';
import { benchWorkerScaling } from './bench/scale/worker-scaling.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    clips: { type: 'string', default: '20000' },
    json: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '60' },
    out: { type: 'string', default: join(tmpdir(), 'styleflow-bench') },
    providers: { type: 'string', default: 'cuda,cpu' },
    size: { type: 'string', default: 'published' },
    workers: { type: 'string', default: '1,2,4,8,16,32,64' },
  },
});

/** Of the benchmark `device`, which needs a card and so runs only when it is named. */
const DeviceOptions = z.object({
  providers: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(['cpu', 'cuda', 'tensorrt']))),
  size: z.enum(['published', 'eighth']),
});

const BENCHES: Readonly<Record<string, (say: (line: string) => void) => Promise<Record<string, unknown>>>> = {
  autoscale: (say) => benchAutoscale(say, Number(values.clips)),
  'batch-size': benchBatchSize,
  'clip-memory': benchClipMemory,
  device: (say) => benchDevice(say, DeviceOptions.parse(values)),
  'end-to-end': benchEndToEnd,
  'full-size-models': benchFullSize,
  'kill-storm': benchKillStorm,
  'long-poll': benchLongPoll,
  'long-video': (say) => benchLongVideo(say, Number(values.minutes)),
  models: benchModels,
  feeding: benchFeeding,
  'rolling-restart': benchRollingRestart,
  scale: benchScale,
  'worker-scaling': async (say) => ({ points: await benchWorkerScaling(say, values.workers.split(',').map(Number)) }),
};

/** Benchmarks of a file or folder, which follows the name. */
const PATH_BENCHES: Readonly<
  Record<string, (say: (line: string) => void, path: string) => Promise<Record<string, unknown>>>
> = {
  faces: (say, folder) => benchFaces(say, folder, values.out),
};

/** Progress on stderr, the figures on stdout: a table for people, one JSON object for machines. */
async function main(): Promise<void> {
  const [name = '', path] = positionals;
  const pathBench = Object.hasOwn(PATH_BENCHES, name) ? PATH_BENCHES[name] : undefined;
  if (pathBench && path !== undefined) {
    const figures = await pathBench((line) => process.stderr.write(`  ${line}\n`), path);
    process.stdout.write(`${JSON.stringify({ [name]: figures }, null, values.json ? 0 : 2)}\n`);
    return;
  }
  const unknown = positionals.filter((name) => !Object.hasOwn(BENCHES, name));
  if (unknown.length > 0) {
    process.stderr.write(
      `error: invalid_request: no benchmark ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')} and, with a path, ${Object.keys(PATH_BENCHES).join(', ')}\n`,
    );
    process.exitCode = 2;
    return;
  }
  const figures: Record<string, unknown> = {};
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (positionals.length > 0 ? !positionals.includes(name) : name === 'device') continue;
    process.stderr.write(`${name} …\n`);
    figures[name] = await bench((line) => process.stderr.write(`  ${line}\n`));
  }
  process.stdout.write(`${JSON.stringify(figures, null, values.json ? 0 : 2)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`error: internal: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
