import { MAX_BATCH_ITEMS } from '@styleflow/contracts';
import { benchApi } from './api-cost.js';
import { benchAutoscale } from './autoscale/autoscale.js';
import { benchBatchSize } from './batch-size.js';
import { benchMillionLines } from './batches/million-lines.js';
import { benchTenThousand } from './batches/ten-thousand.js';
import { benchTwoUploaders } from './batches/two-uploaders.js';
import { benchWebhookStorm } from './batches/webhook-storm.js';
import {
  batchOptions,
  chaosOptions,
  costOptions,
  deviceOptions,
  prepareSizesOptions,
  values,
} from './bench-options.js';
import { benchChaos } from './chaos.js';
import { benchLongList } from './console/long-list.js';
import { benchOpenConsoles } from './console/open-consoles.js';
import { benchScrolling } from './console/scrolling.js';
import { benchAgainst } from './cost/against.js';
import { benchBudget } from './cost/budget.js';
import { benchDatasetBuild } from './datasets/dataset-build.js';
import { benchDevice } from './device/device.js';
import { benchEndToEnd } from './end-to-end/end-to-end.js';
import { benchOneJob } from './end-to-end/one-job.js';
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
import { benchInt8 } from './models/int8.js';
import { benchModels } from './models/models.js';
import { benchWorkerMemory } from './models/worker-memory.js';
import { benchWorkerStart } from './models/worker-start.js';
import { benchCage } from './prepare/cage-cost.js';
import { benchPrepare } from './prepare/prepare.js';
import { benchPrepareSizes } from './prepare/prepare-sizes.js';
import { benchStability } from './prepare/stability-cost.js';
import { benchRollingRestart } from './rolling-restart.js';
import { benchFeeding } from './scale/feeding.js';
import { benchScale } from './scale/scale.js';
import { benchWorkerScaling } from './scale/worker-scaling.js';
import { benchShadow } from './shadow/shadow.js';

type Say = (line: string) => void;
type Figures = Promise<Record<string, unknown>>;

/** What each name runs; `bench-help.ts` says what it measures and how long it takes. */
export const BENCHES: Readonly<Record<string, (say: Say) => Figures>> = {
  api: benchApi,
  autoscale: (say) => benchAutoscale(say, Number(values.clips)),
  'batch-size': benchBatchSize,
  cage: benchCage,
  chaos: (say) => benchChaos(say, chaosOptions()),
  'clip-memory': benchClipMemory,
  'dataset-build': (say) => benchDatasetBuild(say, batchOptions().items ?? 200),
  device: (say) => benchDevice(say, deviceOptions()),
  'dripping-clients': benchDrippingClients,
  'end-to-end': benchEndToEnd,
  'full-size-models': benchFullSize,
  'hostile-files': (say) => benchHostileFiles(say, values.dir),
  int8: benchInt8,
  judging: benchJudging,
  'kill-storm': benchKillStorm,
  'long-list': (say) => benchLongList(say, Number(values.jobs ?? 100_000)),
  'long-poll': benchLongPoll,
  'long-video': (say) => benchLongVideo(say, Number(values.minutes ?? 60)),
  'million-lines': (say) => benchMillionLines(say, batchOptions().items ?? MAX_BATCH_ITEMS),
  models: benchModels,
  'open-consoles': (say) =>
    benchOpenConsoles(say, { consoles: Number(values.consoles), minutes: Number(values.minutes ?? 2) }),
  'prepare-sizes': (say) => benchPrepareSizes(say, prepareSizesOptions()),
  feeding: benchFeeding,
  'rolling-restart': benchRollingRestart,
  scale: benchScale,
  scrolling: benchScrolling,
  shadow: (say) => benchShadow(say, Number(values.minutes ?? 4)),
  stability: benchStability,
  'steady-load': (say) => benchSteadyLoad(say, Number(values.minutes ?? 60)),
  'ten-thousand': (say) => {
    const { items = 10_000, kills, seed, tools, 'with-requests': requests } = batchOptions();
    return benchTenThousand(say, { items, kills, seed, tools, requests });
  },
  'two-uploaders': (say) => benchTwoUploaders(say, batchOptions()),
  'webhook-storm': (say) => benchWebhookStorm(say, { jobs: batchOptions().jobs ?? 1_000, seed: batchOptions().seed }),
  'worker-memory': (say) => benchWorkerMemory(say, values.bundle),
  'worker-start': benchWorkerStart,
  'worker-scaling': async (say) => ({ points: await benchWorkerScaling(say, values.workers.split(',').map(Number)) }),
};

/** Benchmarks that take a file or folder after their name. */
export const PATH_BENCHES: Readonly<Record<string, (say: Say, path: string) => Figures>> = {
  against: (say, video) => benchAgainst(say, video, costOptions()),
  budget: (say, video) => benchBudget(say, video, costOptions()),
  faces: (say, folder) => benchFaces(say, folder, values.out),
  'one-job': (say, video) => benchOneJob(say, video, costOptions()),
  prepare: (say, path) =>
    benchPrepare(say, path, { maxFrames: Number(values['max-frames']), sampling: values.sampling }),
  watching: (say, folder) =>
    benchWatching(say, folder, { maxFrames: Number(values['max-frames']), bundle: values.bundle }),
};
