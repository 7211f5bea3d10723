/**
 * Who may know whom. The one place where it is written down for the machine; ARCHITECTURE.md says it for people.
 */

/** Level of each package. Imports go to lower levels only; packages of one level do not know each other. */
export const LEVELS = {
  contracts: 0,
  scoring: 0,
  runtime: 0.5,
  threads: 0.5,
  files: 0.5,
  queue: 1,
  storage: 1,
  sources: 1,
  media: 1,
  inference: 1,
  onnx: 1,
  checkpoints: 1,
  clips: 1.5,
  bundles: 1.5,
  faces: 2,
  converter: 2,
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
  onnx: ['graph', 'write', 'read'],
  checkpoints: ['tensors', 'pickle', 'formats', 'roles', 'random'],
  bundles: ['bundle', 'verify', 'detector'],
  converter: ['pictures', 'networks', 'bundle', 'foreign', 'detector'],
  'cpu-worker': ['start', 'prepared', 'prepare', 'report', 'finish', 'sweep'],
  'gpu-worker': ['device', 'bundle', 'announce', 'score-thread', 'score'],
  e2e: ['system', ['bench', 'scenarios']],
};

/** The words of contracts are everybody's, and the command-line tool talks to the API as every client does. */
export const SAME_LEVEL_EXCEPTIONS = new Set(['scoring → contracts', 'cli → client']);

/** Steps within a level that tests alone may take: a graph is tried by running it, what is encoded by decoding it. */
export const TEST_STEPS = new Set(['onnx → inference', 'onnx → checkpoints']);

/** Doors beside the front one, for what most who come by that one have no use for. */
export const SIDE_DOORS = new Set(['bundles/verify', 'testing/models']);

/**
 * What makes models, and who runs without it: none of these packages is reached from the processes, by whatever way, so
 * no image holds them.
 */
export const OUT_OF_REACH = { from: ['api', 'cpu-worker', 'gpu-worker'], to: ['checkpoints', 'converter'] };

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
  // Models of other people's making are written by hand for tests.
  { module: /^(onnx-buf|@bufbuild\/protobuf)(\/|$)/, owner: 'packages/onnx/', alsoIn: 'packages/testing/' },
  { module: /^(commander|cli-progress)(\/|$)/, owner: 'packages/cli/' },
];

/** The only files that read the environment. Tests may: they hand theirs on to what they start. */
export const ENVIRONMENT_FILE = /(^|\/)env\.ts$/;
