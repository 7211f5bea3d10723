import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/**
 * Every metric of the product, with its names and labels in one place.
 * No label holds a job id, a URL or a key: label values come from closed sets, queue names aside.
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
  help: 'Bytes written to the object store.',
  registers,
});
const retries = new Counter({
  name: 'styleflow_retries_total',
  help: 'Attempts that failed and are tried again.',
  labelNames: ['stage', 'code'],
  registers,
});
const stalled = new Counter({
  name: 'styleflow_stalled_total',
  help: 'Entries taken over from a lost worker.',
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
const workerBusy = new Gauge({
  name: 'styleflow_worker_busy_ratio',
  help: "Share of the worker's slots in use.",
  registers,
});
const gpuMemory = new Gauge({ name: 'styleflow_gpu_memory_bytes', help: 'Device memory in use.', registers });
const gpuUtilization = new Gauge({
  name: 'styleflow_gpu_utilization_ratio',
  help: 'Device utilisation, 0 to 1.',
  registers,
});

export const metrics = {
  jobEnded: (status: string, code: string): void => jobs.inc({ status, code }),
  stageTook: (stage: string, step: string, seconds: number): void => stageSeconds.observe({ stage, step }, seconds),
  clipScored: (): void => clipsScored.inc(),
  batchStarted: (clips: number): void => clipBatchSize.observe(clips),
  clipWaited: (seconds: number): void => clipWaitSeconds.observe(seconds),
  inferenceTook: (provider: string, seconds: number): void => inferenceSeconds.observe({ provider }, seconds),
  framesDecoded: (count: number): void => framesDecoded.inc(count),
  faceTracked: (count: number): void => facesTracked.inc(count),
  bytesStored: (bytes: number): void => bytesStored.inc(bytes),
  retried: (stage: string, code: string): void => retries.inc({ stage, code }),
  stalled: (): void => stalled.inc(),
  setQueue: (queue: string, states: Readonly<Record<string, number>>, oldestSeconds: number): void => {
    for (const [state, count] of Object.entries(states)) queueDepth.set({ queue, state }, count);
    queueOldest.set({ queue }, oldestSeconds);
  },
  setBusy: (ratio: number): void => workerBusy.set(ratio),
  setGpu: (memoryBytes: number, utilization: number): void => {
    gpuMemory.set(memoryBytes);
    gpuUtilization.set(utilization);
  },
  /** The page that Prometheus scrapes. */
  page: async (): Promise<{ contentType: string; body: string }> => ({
    contentType: registry.contentType,
    body: await registry.metrics(),
  }),
};
