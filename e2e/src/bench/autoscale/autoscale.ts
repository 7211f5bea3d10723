import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BundleFacts } from '@styleflow/contracts';
import type { QueueConnection } from '@styleflow/queue';
import { makeJob, openScoreLoad } from '../scale/score-load.js';
import { Scaler, type ScalingRule, ScalingRuleSchema } from './scaling-rule.js';
import { WorkerFleet } from './worker-fleet.js';

const PRINT_RULE = fileURLToPath(new URL('../../../../scripts/check-deploy/print-scaling-rule.mjs', import.meta.url));
const CLIPS_A_JOB = 100;
/** Everything that takes time, with the rule's periods, runs this many times as fast. */
const SPEED = 4;
/** Like all networks in fp32 on one card: full tensor batches of 8 score 6.4 clips a second. */
const DEVICE = { maxBatch: 8, runMs: 50, clipMs: 150 };
/**
 * Seconds from asking for a worker to its first clip: the image is there, the bundle is fetched, all sizes are warmed
 * up.
 */
const START_SECONDS = 60;
const BUNDLE: BundleFacts = {
  id: 'bench@000000000000',
  digest: '0'.repeat(64),
  variant: 'style-content',
  precision: 'fp32',
  trained: false,
  threshold: 0.2,
  calibration: { a: 1, b: 0 },
};

type Say = (line: string) => void;

/**
 * Puts a burst of clips into the real queue and applies the chart's own scaling rule to the queue's figures. Real
 * worker processes come and go, on devices that compute nothing and only take time. Reported seconds are those of a
 * cluster, four times the real ones.
 */
export async function benchAutoscale(say: Say, clips: number): Promise<Record<string, unknown>> {
  const { stdout } = await promisify(execFile)(process.execPath, [PRINT_RULE], { maxBuffer: 2 ** 24 });
  const rule = ScalingRuleSchema.parse(JSON.parse(stdout));
  const load = await openScoreLoad();
  const fleet = new WorkerFleet(
    {
      redisUrl: load.redis.url,
      bundleDigest: BUNDLE.digest,
      maxBatch: DEVICE.maxBatch,
      runMs: DEVICE.runMs / SPEED,
      clipMs: DEVICE.clipMs / SPEED,
      batchWaitMs: 100 / SPEED,
    },
    (START_SECONDS * 1000) / SPEED,
  );
  try {
    const jobs = await Promise.all(Array.from({ length: clips / CLIPS_A_JOB }, () => makeJob(load.connection, BUNDLE)));
    const startedAt = performance.now();
    await Promise.all(jobs.map((job) => addClips(load.connection, job)));
    const seconds = (): number => ((performance.now() - startedAt) * SPEED) / 1000;
    say(`${clips} clips were queued within ${(seconds() / SPEED).toFixed(1)} real seconds`);
    const timeline = await follow(rule, load.connection, fleet, seconds, say);
    const scored = await load.countScored(jobs);
    if (scored !== clips) throw new Error(`${scored} of ${clips} clips were counted`);
    const perClip = (DEVICE.runMs + DEVICE.maxBatch * DEVICE.clipMs) / DEVICE.maxBatch / 1000;
    const needed = clips * perClip;
    const clearedAt = timeline.find(({ left }) => left === 0)?.at ?? Number.NaN;
    const most = Math.max(...timeline.map(({ replicas }) => replicas));
    const figures = {
      clips,
      clearedAfterSeconds: clearedAt,
      // The time that the largest allowed number of workers would need from the first second on.
      leastSeconds: needed / rule.maxReplicaCount,
      mostWorkers: most,
      neededWorkerSeconds: needed,
      paidWorkerSeconds: (fleet.paidMs * SPEED) / 1000,
      paidUntilClearedWorkerSeconds: timeline.find(({ left }) => left === 0)?.paid ?? Number.NaN,
      allGoneAfterSeconds: timeline.at(-1)?.at ?? Number.NaN,
    };
    say(JSON.stringify(figures));
    return { speed: SPEED, device: DEVICE, startSeconds: START_SECONDS, ...figures, timeline };
  } finally {
    await fleet.stop();
    await load.close();
  }
}

interface Moment {
  readonly at: number;
  readonly left: number;
  readonly replicas: number;
  readonly up: number;
  /** Worker seconds so far. */
  readonly paid: number;
}

/** Applies the rule at each poll until everything is scored and only the smallest number of workers is left. */
async function follow(
  rule: ScalingRule,
  { queue }: QueueConnection,
  fleet: WorkerFleet,
  seconds: () => number,
  say: Say,
): Promise<readonly Moment[]> {
  const scaler = new Scaler(rule);
  const timeline: Moment[] = [];
  for (let poll = 1; ; poll++) {
    const depth = (await queue.depths()).find(({ name }) => name.includes(BUNDLE.digest.slice(0, 12)));
    if (!depth) throw new Error('the queue of the bundle is not there');
    const { waiting, delayed, active, oldestSeconds } = depth;
    const left = waiting + delayed + active;
    const figures = {
      waiting: waiting + delayed,
      active,
      oldest: (oldestSeconds ?? 0) * SPEED,
      workers: fleet.up,
    };
    const replicas = scaler.decide(seconds(), figures, fleet.replicas);
    if (replicas !== fleet.replicas || (left === 0) !== (timeline.at(-1)?.left === 0)) {
      say(`${seconds().toFixed(0)} s: ${left} clips left, ${fleet.up} workers up, ${replicas} wanted`);
    }
    fleet.scaleTo(replicas);
    timeline.push({ at: seconds(), left, replicas, up: fleet.up, paid: (fleet.paidMs * SPEED) / 1000 });
    if (left === 0 && replicas <= rule.minReplicaCount) return timeline;
    const due = poll * rule.pollingInterval - seconds();
    await wait(Math.max(0, (due * 1000) / SPEED));
  }
}

async function addClips({ queue }: QueueConnection, job: Awaited<ReturnType<typeof makeJob>>): Promise<void> {
  for (let clip = 0; clip < CLIPS_A_JOB; clip++) {
    await queue.addScore({ v: 1, job, run: 1, track: 0, clip, keepCrops: false }, BUNDLE.digest, 5);
  }
}
