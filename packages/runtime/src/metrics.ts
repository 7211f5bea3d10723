import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/**
 * Every metric of the product, with names and labels in one place.
 * The values of labels come from closed sets, except the names of queues. No label holds a job id, a URL or a key.
 */
const registry = new Registry();
collectDefaultMetrics({ register: registry });

const STAGE_SECONDS = [0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800];
const registers = [registry];

const jobs = new Counter({
  name: 'styleflow_jobs_total',
  help: 'Jobs that ended.',
  labelNames: ['status', 'code'],
  registers,
});
const stageSeconds = new Histogram({
  name: 'styleflow_stage_seconds',
  help: 'Seconds per step of a stage.',
  labelNames: ['stage', 'step'],
  buckets: STAGE_SECONDS,
  registers,
});
const clipsScored = new Counter({ name: 'styleflow_clips_scored_total', help: 'Clips scored.', registers });
const clipBatchSize = new Histogram({
  name: 'styleflow_clip_batch_size',
  help: 'Clips per tensor batch, before padding.',
  buckets: [1, 2, 4, 8, 16, 32, 64],
  registers,
});
const clipWaitSeconds = new Histogram({
  name: 'styleflow_clip_wait_seconds',
  help: 'Seconds from a clip reaching the worker to its tensor batch starting.',
  buckets: STAGE_SECONDS,
  registers,
});
const inferenceSeconds = new Histogram({
  name: 'styleflow_inference_seconds',
  help: 'Seconds per tensor batch on the device.',
  labelNames: ['provider'],
  buckets: STAGE_SECONDS,
  registers,
});
const framesDecoded = new Counter({ name: 'styleflow_frames_decoded_total', help: 'Frames decoded.', registers });
const facesTracked = new Counter({ name: 'styleflow_faces_tracked_total', help: 'Face tracks found.', registers });
const bytesStored = new Counter({
  name: 'styleflow_bytes_stored_total',
  help: 'Bytes that this process wrote to the object store.',
  registers,
});
const retries = new Counter({
  name: 'styleflow_retries_total',
  help: 'Attempts that failed and are tried again.',
  labelNames: ['stage', 'code'],
  registers,
});
const waits = new Counter({
  name: 'styleflow_waits_total',
  help: 'Entries put aside without an attempt, by what was away.',
  labelNames: ['stage', 'surrounding'],
  registers,
});
const webhooks = new Counter({
  name: 'styleflow_webhooks_total',
  help: 'Attempts to tell a webhook, by what became of each.',
  labelNames: ['outcome'],
  registers,
});
const stalled = new Counter({
  name: 'styleflow_stalled_total',
  help: 'Entries taken over from a lost worker.',
  registers,
});
const objectsDamaged = new Counter({
  name: 'styleflow_objects_damaged_total',
  help: 'Stored objects that were not what had been written, or were gone, and are made again where that is possible.',
  labelNames: ['object'],
  registers,
});
const queueDepth = new Gauge({
  name: 'styleflow_queue_depth',
  help: 'Entries by state.',
  labelNames: ['queue', 'state'],
  registers,
});
const queueOldest = new Gauge({
  name: 'styleflow_queue_oldest_seconds',
  help: 'Age of the oldest waiting entry; 0 when none waits.',
  labelNames: ['queue'],
  registers,
});
const queuePaused = new Gauge({
  name: 'styleflow_queue_paused',
  help: 'Whether an operator has paused the queue: 1 or 0.',
  labelNames: ['queue'],
  registers,
});
const workerBusy = new Gauge({
  name: 'styleflow_worker_busy_ratio',
  help: "Share of the worker's slots in use.",
  registers,
});
const gpuMemory = new Gauge({ name: 'styleflow_gpu_memory_bytes', help: 'Device memory in use.', registers });
const gpuMemoryTotal = new Gauge({
  name: 'styleflow_gpu_memory_total_bytes',
  help: 'Device memory in all.',
  registers,
});
const gpuUtilization = new Gauge({
  name: 'styleflow_gpu_utilization_ratio',
  help: 'Device utilisation, 0 to 1.',
  registers,
});
const workers = new Gauge({
  name: 'styleflow_workers',
  help: 'Processes that announced themselves within the last minute.',
  labelNames: ['kind', 'health'],
  registers,
});
const dependencyUp = new Gauge({
  name: 'styleflow_dependency_up',
  help: 'Whether this process reaches Redis (redis) and the object store (store): 1 or 0.',
  labelNames: ['dependency'],
  registers,
});
const redisMemory = new Gauge({ name: 'styleflow_redis_memory_bytes', help: 'Memory that Redis holds.', registers });
const redisMemoryLimit = new Gauge({
  name: 'styleflow_redis_memory_limit_bytes',
  help: 'Memory at which Redis refuses to write; absent without a limit.',
  registers,
});
const fetches = new Gauge({
  name: 'styleflow_fetches',
  help: 'Sources that this worker is fetching, beside those that it decodes.',
  registers,
});
const clocksApart = new Gauge({
  name: 'styleflow_clocks_apart_seconds',
  help: "How far the object store's clock is ahead of Redis's; told by the worker that sweeps.",
  registers,
});
const retentionStopped = new Gauge({
  name: 'styleflow_retention_stopped',
  help: 'Whether retention deletes nothing, because the clocks of Redis and of the object store disagree: 1 or 0.',
  registers,
});
const httpRequests = new Counter({
  name: 'styleflow_http_requests_total',
  help: 'Calls that ended, by the route they matched.',
  labelNames: ['method', 'route', 'status'],
  registers,
});
const httpSeconds = new Histogram({
  name: 'styleflow_http_request_seconds',
  help: 'Seconds from the head of a call to the end of its answer; long polls and event streams last as long as they are asked to.',
  labelNames: ['method', 'route'],
  buckets: STAGE_SECONDS,
  registers,
});

// A gauge without labels starts at 0, which would be wrong where there is no card or no work. So these are absent until
// set.
for (const gauge of [
  workerBusy,
  gpuMemory,
  gpuMemoryTotal,
  gpuUtilization,
  redisMemory,
  redisMemoryLimit,
  fetches,
  clocksApart,
  retentionStopped,
])
  gauge.remove();

interface QueueFigures {
  readonly name: string;
  readonly paused: boolean;
  /** Number of entries by state. */
  readonly states: Readonly<Record<string, number>>;
  /** How long the oldest waiting entry has waited, in seconds; 0 when none waits. */
  readonly oldestSeconds: number;
}

export const metrics = {
  jobEnded: (status: string, code: string): void => jobs.inc({ status, code }),
  /** Shows these ends with the count 0. Without that, a query for the rate would miss the first one of a new series. */
  expectJobsEnd: (status: string, codes: readonly string[]): void => {
    for (const code of codes) jobs.inc({ status, code }, 0);
  },
  stageTook: (stage: string, step: string, seconds: number): void => stageSeconds.observe({ stage, step }, seconds),
  clipScored: (): void => clipsScored.inc(),
  batchStarted: (clips: number): void => clipBatchSize.observe(clips),
  clipWaited: (seconds: number): void => clipWaitSeconds.observe(seconds),
  inferenceTook: (provider: string, seconds: number): void => inferenceSeconds.observe({ provider }, seconds),
  framesDecoded: (count: number): void => framesDecoded.inc(count),
  faceTracked: (count: number): void => facesTracked.inc(count),
  bytesStored: (bytes: number): void => bytesStored.inc(bytes),
  retried: (stage: string, code: string): void => retries.inc({ stage, code }),
  waited: (stage: string, surrounding: string): void => waits.inc({ stage, surrounding }),
  stalled: (): void => stalled.inc(),
  webhookTried: (outcome: 'delivered' | 'again' | 'given_up'): void => webhooks.inc({ outcome }),
  objectDamaged: (object: 'prepared' | 'clip' | 'score' | 'record'): void => objectsDamaged.inc({ object }),
  /**
   * Sets the figures of all queues. Give an empty list while queues cannot be measured: an autoscaler would otherwise
   * act on old figures.
   */
  setQueues: (queues: readonly QueueFigures[]): void => {
    queueDepth.reset();
    queueOldest.reset();
    queuePaused.reset();
    for (const { name, paused, states, oldestSeconds } of queues) {
      queuePaused.set({ queue: name }, paused ? 1 : 0);
      for (const [state, count] of Object.entries(states)) queueDepth.set({ queue: name, state }, count);
      queueOldest.set({ queue: name }, oldestSeconds);
    }
  },
  /** Sets the count of running processes, by kind and health; `facts` holds each of them. */
  setWorkers: (facts: ReadonlyArray<{ readonly kind: string; readonly health: string }>): void => {
    workers.reset();
    for (const { kind, health } of facts) workers.inc({ kind, health });
  },
  setDependency: (dependency: 'redis' | 'store', isUp: boolean): void => dependencyUp.set({ dependency }, isUp ? 1 : 0),
  /** `memory` is null while Redis does not answer. */
  setRedisMemory: (memory: { readonly usedBytes: number; readonly limitBytes: number | null } | null): void => {
    if (memory === null) redisMemory.remove();
    else redisMemory.set(memory.usedBytes);
    if (memory === null || memory.limitBytes === null) redisMemoryLimit.remove();
    else redisMemoryLimit.set(memory.limitBytes);
  },
  /** By the worker that sweeps, and has just compared them. */
  clocksCompared: (apartSeconds: number, isAgreed: boolean): void => {
    clocksApart.set(apartSeconds);
    retentionStopped.set(isAgreed ? 0 : 1);
  },
  /** Of a worker that does not sweep any more. */
  forgetClocks: (): void => {
    clocksApart.remove();
    retentionStopped.remove();
  },
  /** `route` is the pattern of the route, never the path of the call. */
  httpAnswered: (method: string, route: string, status: number, seconds: number): void => {
    httpRequests.inc({ method, route, status });
    httpSeconds.observe({ method, route }, seconds);
  },
  setFetches: (count: number): void => fetches.set(count),
  setBusy: (ratio: number): void => workerBusy.set(ratio),
  /** `utilization` is null where the card does not report it. */
  setGpu: (card: {
    readonly memoryUsedBytes: number;
    readonly memoryBytes: number;
    readonly utilization: number | null;
  }): void => {
    const { memoryUsedBytes, memoryBytes, utilization } = card;
    gpuMemory.set(memoryUsedBytes);
    gpuMemoryTotal.set(memoryBytes);
    if (utilization === null) gpuUtilization.remove();
    else gpuUtilization.set(utilization);
  },
  /** Removes the card's figures while it does not answer. */
  forgetGpu: (): void => {
    gpuMemory.remove();
    gpuMemoryTotal.remove();
    gpuUtilization.remove();
  },
  /** The page that Prometheus scrapes. */
  page: async (): Promise<{ contentType: string; body: string }> => ({
    contentType: registry.contentType,
    body: await registry.metrics(),
  }),
};
