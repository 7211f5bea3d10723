type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The settings that decide how a video is fetched, analysed and by which model: all that a system which serves one command alone
 * takes of its caller's environment. Keys, quotas, addresses and retention are those of another system, and would break it.
 */
const OF_THE_ANALYSIS = new Set(
  [
    ...[
      'BUNDLE',
      'BUNDLE_CACHE',
      'GRAPH_CACHE',
      'TENSORRT_CACHE',
      'DETECTOR',
      'EXECUTION_PROVIDERS',
      'GPU_DEVICE',
      'GPU_NAME',
      'TF32',
    ],
    ...['MAX_BATCH', 'BATCH_WAIT_MS', 'THREADS', 'UNPACK_THREADS', 'SIMULATED_DEVICE', 'DECODE_CAGE'],
    ...['PREPARE_CONCURRENCY', 'DECODE_THREADS', 'DETECT_THREADS', 'SCRATCH_DIR', 'OUTAGE_BUDGET_MINUTES'],
    ...[
      'ALLOW_PRIVATE_SOURCES',
      'DENIED_SOURCES',
      'SOURCE_PORTS',
      'MIN_SOURCE_RATE',
      'MAX_SOURCE_BYTES',
      'MAX_FETCH_S',
    ],
    ...[
      'MAX_DURATION_S',
      'MAX_FRAMES',
      'MAX_DECODE_S',
      'MAX_JOB_HOURS',
      'MAX_LONG_SIDE',
      'MAX_SHORT_SIDE',
      'MAX_FACES',
    ],
    // A bundle may lie in S3.
    ...['S3_ENDPOINT', 'S3_FORCE_PATH_STYLE', 'LOG_LEVEL'],
  ].map((name) => `STYLEFLOW_${name}`),
);

/** What a private system inherits: the variables of the machine, and of the settings those that are its own. */
export function privateEnvironment(env: Environment): Environment {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.startsWith('STYLEFLOW_') || OF_THE_ANALYSIS.has(name)),
  );
}
