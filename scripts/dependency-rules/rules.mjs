/**
 * Who may know whom. The one place where it is written down for the machine; ARCHITECTURE.md says it for people.
 */

/** Level of each package. Imports go to lower levels only; packages of one level do not know each other. */
export const LEVELS = {
  contracts: 0,
  scoring: 0,
  runtime: 0.5,
  threads: 0.5,
  queue: 1,
  storage: 1,
  sources: 1,
  media: 1,
  inference: 1,
  clips: 1.5,
  faces: 2,
  models: 2,
  api: 3,
  'cpu-worker': 3,
  'gpu-worker': 3,
  client: 3,
  console: 3,
  cli: 3,
};

/**
 * Folders of a large package, lowest first: each imports only those before it. Those in one bracket are neighbours and do
 * not know each other. Files beside the folders stand above all. In the scenarios' package the tests keep this, too.
 */
export const FOLDERS = {
  storage: ['keys', 'port', ['s3', 'file']],
  media: ['ffmpeg', 'probe', 'decode'],
  inference: ['device', 'session', 'batch', 'thread'],
  queue: ['ports', 'redis', 'records', 'bullmq', 'inspect'],
  api: ['auth', 'ports', 'http', 'submit', 'jobs', 'system', 'openapi', 'inspector', 'routes'],
  faces: ['geometry', 'detection', ['bundled-detector', 'imported-detectors', 'scene', 'track'], 'clip'],
  models: ['files', 'onnx', 'checkpoint', 'networks', 'bundle', 'foreign', 'detector'],
  'cpu-worker': ['start', 'prepared', 'prepare', 'report', 'finish', 'sweep'],
  'gpu-worker': ['device', 'bundle', 'announce', 'score-thread', 'score'],
  e2e: ['system', ['bench', 'scenarios']],
};

/** The words of contracts are everybody's, and the command-line tool talks to the API as every client does. */
export const SAME_LEVEL_EXCEPTIONS = new Set(['scoring → contracts', 'cli → client']);

/** Real servers and media for tests: only tests and the shared lists of cases may import it, and it imports nobody. */
export const TEST_PACKAGE = 'testing';

/** Scenarios over the whole system: may import every package, by its front door as everybody else. */
export const SCENARIOS = 'e2e';

/** A test, a list of cases that the tests of several adapters share, or what tests of one package share (`test-…`). */
export const TEST_FILE = /\.(test|cases)\.ts$|(^|\/)test-[^/]*\.ts$/;

/** The processes: nobody imports them; who starts them resolves `@styleflow/NAME/main`. */
export const PROCESSES = new Set(['api', 'cpu-worker', 'gpu-worker']);
export const MAY_START_PROCESSES = new Set(['cli', SCENARIOS]);

/** Outside things with one owner: a package, or one file. First match counts. */
export const SOLE_OWNERS = [
  { module: /^(express|busboy)(\/|$)/, owner: 'packages/api/' },
  { module: /^(bullmq|ioredis)(\/|$)/, owner: 'packages/queue/' },
  { module: /^@(aws-sdk|smithy)\//, owner: 'packages/storage/' },
  { module: /^fluent-ffmpeg(\/|$)/, owner: 'packages/media/' },
  { module: /^onnxruntime-(node|common|web)(\/|$)/, owner: 'packages/inference/src/session/session.ts' },
  { module: /^(prom-client|pino|@opentelemetry)(\/|$)/, owner: 'packages/runtime/' },
  // The benchmark of faces draws sheets for people to look at; no product code lies there.
  { module: /^sharp(\/|$)/, owner: 'packages/faces/', alsoIn: 'e2e/src/bench/faces/' },
  { module: /^(onnx-buf|@bufbuild\/protobuf)(\/|$)/, owner: 'packages/models/' },
  { module: /^(commander|cli-progress)(\/|$)/, owner: 'packages/cli/' },
];

/** The only files that read the environment. Tests may: they hand theirs on to what they start. */
export const ENVIRONMENT_FILE = /(^|\/)env\.ts$/;
