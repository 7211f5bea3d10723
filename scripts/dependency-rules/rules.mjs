/** Which packages may import which. Machines read it here, and nowhere else; ARCHITECTURE.md says it for people. */

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
  judging: 1,
  clips: 1.5,
  bundles: 1.5,
  batches: 1.5,
  evidence: 1.5,
  'job-view': 1.5,
  faces: 2,
  converter: 2,
  datasets: 2,
  api: 3,
  'cpu-worker': 3,
  'gpu-worker': 3,
  client: 3,
  console: 3,
  cli: 3,
};

/**
 * Folders of a large package, lowest first. Each imports only those before it; those in one bracket are neighbours and
 * do not import each other. Files beside the folders may import all of them. In e2e the tests keep this order, too.
 */
export const FOLDERS = {
  judging: ['metrics', 'intervals', 'calibration', 'protocols', 'layouts', 'run', 'pictures', 'page'],
  storage: ['keys', 'port', ['s3', 'file']],
  media: ['launcher', 'ffmpeg', 'probe', 'pixels', ['decode', 'perturb']],
  inference: ['device', 'session', 'batch', 'thread'],
  queue: ['ports', 'redis', 'records', 'bullmq', 'inspect'],
  api: [
    'auth',
    'ports',
    'http',
    'submit',
    'uploads',
    'jobs',
    'evidence',
    'batches',
    'system',
    'openapi',
    'console',
    'routes',
  ],
  faces: ['geometry', 'detection', ['bundled-detector', 'imported-detectors', 'scene', 'track'], ['clip', 'watch']],
  onnx: ['graph', 'write', 'read'],
  checkpoints: ['tensors', 'pickle', 'formats', 'roles', 'random'],
  bundles: ['bundle', 'verify', 'detector'],
  evidence: [['canonical'], 'keys', 'signatures', ['time-stamps', 'custody'], 'package', 'verify'],
  'job-view': ['words', 'facts', 'styles', 'parts'],
  batches: ['manifest', 'stored', 'earlier', 'results', 'recover', 'admission'],
  datasets: [['place', 'plan'], 'sample', 'shard', 'build', 'show'],
  converter: ['pictures', 'networks', 'int8', 'bundle', 'foreign', 'detector'],
  'cpu-worker': ['start', 'prepared', 'fetch', 'prepare', 'report', 'print', 'finish', 'batches', 'sweep', 'webhooks'],
  console: ['app', 'words', 'session', 'parts', 'job', ['analyse', 'jobs', 'batches', 'models', 'system']],
  'gpu-worker': ['device', 'bundle', 'graph-cache', 'announce', 'score-thread', 'score', 'shadow'],
  e2e: ['system', 'chaos', ['bench', 'scenarios']],
};

/**
 * Imports within a level: every package uses the words of contracts, and the command line and the console talk to the API as every
 * client does.
 */
export const SAME_LEVEL_EXCEPTIONS = new Set(['scoring → contracts', 'cli → client', 'console → client']);

/** Imports within a level that only tests may make: a graph is tested by running it, and an encoder by decoding. */
export const TEST_STEPS = new Set(['onnx → inference', 'onnx → checkpoints']);

/** Doors beside the front one, for code that most users of the package do not need. */
export const SIDE_DOORS = new Set([
  'bundles/verify',
  'runtime/load-program',
  // Commands that start for one question load nothing of processes that stay.
  'runtime/for-commands',
  // What has to be started before a process grows.
  'media/launcher',
  'media/wasm-code',
  'testing/models',
  // For threads that need no schemas, which take 13 MB in each.
  'contracts/errors',
  // What browsers load as well, without what else their packages hold.
  'client/browser',
  'contracts/seconds-looked-at',
  'contracts/style-groups',
  'runtime/print-numbers',
  'runtime/printable',
]);

/**
 * What makes models, and the processes that run without it: no process reaches one of these packages in any way, so no
 * image contains them.
 */
export const OUT_OF_REACH = { from: ['api', 'cpu-worker', 'gpu-worker'], to: ['checkpoints', 'converter'] };

/** Real servers and media for tests. Only tests and shared lists of cases may import it, and it imports no package. */
export const TEST_PACKAGE = 'testing';

/** Scenarios over the whole system. They may import every package by its front door. */
export const SCENARIOS = 'e2e';

/**
 * A test, a list of cases that the tests of several adapters share, or code that tests of one package share (`test-…`).
 */
export const TEST_FILE = /\.(test|cases)\.ts$|(^|\/)test-[^/]*\.ts$/;

/** The processes. No package imports them; to start one, its `@styleflow/NAME/main` is resolved. */
export const PROCESSES = new Set(['api', 'cpu-worker', 'gpu-worker']);
export const MAY_START_PROCESSES = new Set(['cli', SCENARIOS]);

/** Foreign modules with one owner: a package, or one file. The first match counts. */
export const SOLE_OWNERS = [
  { module: /^(express|busboy)(\/|$)/, owner: 'packages/api/' },
  { module: /^(bullmq|ioredis)(\/|$)/, owner: 'packages/queue/' },
  { module: /^@(aws-sdk|smithy)\//, owner: 'packages/storage/' },
  // The command line rewrites manifests whose sources are files of its own machine.
  { module: /^csv-parse(\/|$)/, owner: 'packages/batches/', alsoIn: 'packages/cli/src/batch/' },
  { module: /^fluent-ffmpeg(\/|$)/, owner: 'packages/media/' },
  { module: /^onnxruntime-(node|common|web)(\/|$)/, owner: 'packages/inference/src/session/session.ts' },
  { module: /^(prom-client|pino|@opentelemetry)(\/|$)/, owner: 'packages/runtime/' },
  // Judging and the benchmark of faces draw pictures for people, far from any worker.
  {
    module: /^sharp(\/|$)/,
    owner: 'packages/faces/',
    alsoIn: ['packages/judging/src/pictures/', 'e2e/src/bench/faces/'],
  },
  { module: /^echarts(\/|$)/, owner: 'packages/judging/' },
  // Tests write foreign models by hand.
  { module: /^(onnx-buf|@bufbuild\/protobuf)(\/|$)/, owner: 'packages/onnx/', alsoIn: 'packages/testing/' },
  { module: /^tar-stream(\/|$)/, owner: 'packages/datasets/' },
  { module: /^(jose|canonicalize|pkijs|asn1js|yauzl|yazl)(\/|$)/, owner: 'packages/evidence/' },
  { module: /^(commander|cli-progress)(\/|$)/, owner: 'packages/cli/' },
  {
    module: /^(react|react-dom|react-aria-components|@tanstack|wouter|use-intl|uplot|vite)(\/|$)/,
    owner: 'packages/console/',
    alsoIn: ['packages/job-view/', 'packages/cpu-worker/src/report/'],
  },
];

/** The only files that read the environment. Tests may read it too, to pass it on to what they start. */
export const ENVIRONMENT_FILE = /(^|\/)env\.ts$/;
