import { booleanSetting, integerSetting, portsSetting } from './parse-env.js';

/**
 * The settings of all processes that are plain numbers, booleans and ports. They stand in one place, so that each process can refuse
 * wrong ones of the others (see `parseProcessEnv`); those with a grammar of their own stay where it is known.
 */

const sourceSettings = {
  STYLEFLOW_ALLOW_PRIVATE_SOURCES: booleanSetting(false),
  /** Largest size of one video in bytes, however it is submitted. */
  STYLEFLOW_MAX_SOURCE_BYTES: integerSetting({ min: 1, max: 1_000_000_000_000, fallback: 2_000_000_000 }),
};

const workerSettings = {
  /** How long running work may take after the signal to stop. What takes longer goes back to the queue. */
  STYLEFLOW_SHUTDOWN_GRACE_SECONDS: integerSetting({ min: 0, max: 3_600, fallback: 10 }),
};

/** Of those who take webhooks, and those who call them. */
const webhookSettings = {
  /** Whether webhooks may lie at private and loopback addresses. */
  STYLEFLOW_ALLOW_PRIVATE_WEBHOOKS: booleanSetting(false),
};

/** Of the API. */
export const apiPlainSettings = {
  ...sourceSettings,
  ...webhookSettings,
  STYLEFLOW_PORT: integerSetting({ min: 0, max: 65_535, fallback: 8000 }),
  /** Multipart uploads that this process receives at once. */
  STYLEFLOW_MAX_UPLOADS: integerSetting({ min: 1, max: 10_000, fallback: 64 }),
  /** Of them, those of one key; 0: half of them where several keys are set, else all. */
  STYLEFLOW_MAX_UPLOADS_PER_KEY: integerSetting({ min: 0, max: 10_000, fallback: 0 }),
  /** Bytes a second that an upload must bring once it has had 30 s; only waiting for the sender counts. 0: any. */
  STYLEFLOW_MIN_UPLOAD_RATE: integerSetting({ min: 0, max: 1e9, fallback: 10_000 }),
  /** Calls of one key a minute, over all API processes; 0: any number. Without keys nobody is limited. */
  STYLEFLOW_MAX_CALLS_PER_MINUTE: integerSetting({ min: 0, max: 1e9, fallback: 6_000 }),
  /** Of them, those of one second: the burst; 0: any number. */
  STYLEFLOW_MAX_CALLS_PER_SECOND: integerSetting({ min: 0, max: 1e9, fallback: 600 }),
  /** Unfinished jobs of one key; 0: half of STYLEFLOW_MAX_QUEUED_JOBS where several keys are set, else all. */
  STYLEFLOW_MAX_JOBS_PER_KEY: integerSetting({ min: 0, max: 10_000_000, fallback: 0 }),
  /** Signed uploads of one key that are not submitted yet; 0: any number. */
  STYLEFLOW_MAX_OPEN_UPLOADS_PER_KEY: integerSetting({ min: 0, max: 1_000_000, fallback: 20_000 }),
  /** Bytes of uploads and of the videos kept for jobs, of one key; 0: any number. */
  STYLEFLOW_MAX_STORED_BYTES_PER_KEY: integerSetting({ min: 0, max: 1e15, fallback: 0 }),
  /** Silence after which an upload is given up. Raise it for senders on very bad lines. */
  STYLEFLOW_UPLOAD_IDLE_S: integerSetting({ min: 1, max: 3600, fallback: 60 }),
  /** How long a signed upload address is valid. */
  STYLEFLOW_UPLOAD_EXPIRY_S: integerSetting({ min: 60, max: 604_800, fallback: 3600 }),
  /** How long an upload waits to be submitted, from when it was opened or renewed. */
  STYLEFLOW_UPLOAD_KEPT_HOURS: integerSetting({ min: 1, max: 8_760, fallback: 24 }),
  /** How long `POST /predict` waits before it answers 202. */
  STYLEFLOW_PREDICT_WAIT_S: integerSetting({ min: 1, max: 86_400, fallback: 300 }),
};

/** Of the CPU worker. */
export const cpuWorkerPlainSettings = {
  ...sourceSettings,
  ...webhookSettings,
  ...workerSettings,
  /** Videos prepared at once: one decoder, one detector thread and up to 600 MB (720p) each; 0: as cores and memory allow. */
  STYLEFLOW_PREPARE_CONCURRENCY: integerSetting({ min: 0, max: 64, fallback: 0 }),
  /** Jobs finished at once; they read and write only. */
  STYLEFLOW_FINISH_CONCURRENCY: integerSetting({ min: 1, max: 64, fallback: 4 }),
  /** Whether Chromium prints reports without its sandbox where that cannot be had. */
  STYLEFLOW_PDF_WITHOUT_SANDBOX: booleanSetting(false),
  /** Threads of one ffmpeg. More help above 1080p only: detection takes longer than decoding. */
  STYLEFLOW_DECODE_THREADS: integerSetting({ min: 1, max: 64, fallback: 2 }),
  /** Threads of one face detector. The networks are small: more videos at once use a machine better. */
  STYLEFLOW_DETECT_THREADS: integerSetting({ min: 1, max: 64, fallback: 1 }),
  STYLEFLOW_MAX_FETCH_S: integerSetting({ min: 1, max: 86_400, fallback: 3_600 }),
  /** Ports of public addresses that URLs may name. Addresses inside, where they are allowed, are asked at any port. */
  STYLEFLOW_SOURCE_PORTS: portsSetting([80, 443, 8080, 8443]),
  /** Bytes a second that a source must give once it has had 30 s; a lower one is given up, to be tried again. */
  STYLEFLOW_MIN_SOURCE_RATE: integerSetting({ min: 0, max: 1e9, fallback: 10_000 }),
  /** Videos held at once while they are fetched, beside which others are decoded; 0: four for each that is prepared at once, at least 16. */
  STYLEFLOW_FETCH_CONCURRENCY: integerSetting({ min: 0, max: 1_000, fallback: 0 }),
  /** Connections to one host of sources, of all workers together: the service must not overrun a third party. */
  STYLEFLOW_MAX_FETCHES_PER_HOST: integerSetting({ min: 1, max: 10_000, fallback: 8 }),
  /** From the first start of a run's `prepare` on, all its attempts and waits together. */
  STYLEFLOW_MAX_JOB_HOURS: integerSetting({ min: 1, max: 8_760, fallback: 24 }),
  STYLEFLOW_MAX_DURATION_S: integerSetting({ min: 1, max: 864_000, fallback: 4 * 3_600 }),
  STYLEFLOW_MAX_FRAMES: integerSetting({ min: 16, max: 1e8, fallback: 500_000 }),
  STYLEFLOW_MAX_DECODE_S: integerSetting({ min: 1, max: 864_000, fallback: 3_600 }),
  /** Pixels of the longer and of the shorter side. */
  STYLEFLOW_MAX_LONG_SIDE: integerSetting({ min: 16, max: 16_384, fallback: 4_096 }),
  STYLEFLOW_MAX_SHORT_SIDE: integerSetting({ min: 16, max: 16_384, fallback: 2_304 }),
  /** Faces followed in one frame, best first. */
  STYLEFLOW_MAX_FACES: integerSetting({ min: 1, max: 100, fallback: 10 }),
  /** Sources, pictures and kept clips are deleted this long after their job's end. */
  STYLEFLOW_MEDIA_RETENTION_HOURS: integerSetting({ min: 1, max: 87_600, fallback: 24 }),
  /** After this the job, its result and its report are gone. */
  STYLEFLOW_RESULT_RETENTION_DAYS: integerSetting({ min: 1, max: 36_500, fallback: 30 }),
  /**
   * What retention may delete within a minute, of all workers together: results, media and uploads each. Enough for 430,000 jobs a
   * day; and when both clocks leap ahead together, this is all that is lost before somebody looks.
   */
  STYLEFLOW_RETENTION_MAX_PER_MINUTE: integerSetting({ min: 1, max: 1_000_000, fallback: 300 }),
  /** How long pixels stay for shadows at the most, from the first start of a run on; what they have not scored then they miss. */
  STYLEFLOW_SHADOW_DEADLINE_MINUTES: integerSetting({ min: 1, max: 10_080, fallback: 60 }),
  /** How often one of the CPU workers looks for jobs that nobody works on and for what may be deleted. */
  STYLEFLOW_SWEEP_SECONDS: integerSetting({ min: 1, max: 3_600, fallback: 60 }),
};

/** Of the GPU worker. */
export const gpuWorkerPlainSettings = {
  ...workerSettings,
  /** Threads that fetch and unpack clips; 0: half of the cores up to 8 beside a card, 1 on the CPU. */
  STYLEFLOW_UNPACK_THREADS: integerSetting({ min: 0, max: 64, fallback: 0 }),
};

/** Of whoever runs a model bundle. */
export const inferencePlainSettings = {
  /** Most clips in one run. Without it or with 0 the device's memory decides, up to 8 on a GPU and 2 on the CPU. */
  STYLEFLOW_MAX_BATCH: integerSetting({ min: 0, max: 128, fallback: 0 }),
  /** How long a batch waits to fill. Raise it when clips arrive slowly and throughput matters more than delay. */
  STYLEFLOW_BATCH_WAIT_MS: integerSetting({ min: 0, max: 10_000, fallback: 100 }),
  /** Threads within one operator on the CPU; 0: one for each core. Equal numbers give equal bits. */
  STYLEFLOW_THREADS: integerSetting({ min: 0, max: 256, fallback: 0 }),
  /** Faster on Ampere and later cards, but outside of the contract's tolerance for fp32. */
  STYLEFLOW_TF32: booleanSetting(false),
};
