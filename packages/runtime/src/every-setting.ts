import type { z } from 'zod';
import { nearestWord } from './nearest-word.js';
import { parseEnv, processSettings } from './parse-env.js';
import {
  apiPlainSettings,
  cpuWorkerPlainSettings,
  gpuWorkerPlainSettings,
  inferencePlainSettings,
} from './plain-settings.js';

const PLAIN = {
  ...apiPlainSettings,
  ...cpuWorkerPlainSettings,
  ...gpuWorkerPlainSettings,
  ...inferencePlainSettings,
};

/** Names of settings whose values are checked by the package that knows their grammar, and of those of compose and the command line. */
const OTHERS = [
  ...['HOST', 'PUBLIC_URL', 'API_KEYS', 'KEY_LIMITS', 'BUNDLE', 'BUNDLE_CACHE', 'GRAPH_CACHE', 'TENSORRT_CACHE'],
  ...['SHADOW_BUNDLES', 'DETECTOR', 'SCRATCH_DIR', 'REPORT_LANGUAGE', 'OWNER_WEIGHTS'],
  ...['DECODE_CAGE', 'DENIED_SOURCES', 'SECRET_KEY', 'SIGNING_KEY', 'TSA_URL'],
  ...['REDIS_URL', 'REDIS_SENTINEL_PASSWORD', 'MAX_QUEUED_JOBS', 'LOCK_SECONDS', 'OUTAGE_BUDGET_MINUTES'],
  ...['STORE', 'S3_ENDPOINT', 'S3_PUBLIC_ENDPOINT', 'S3_FORCE_PATH_STYLE', 'S3_SOURCE_BUCKETS'],
  ...['EXECUTION_PROVIDERS', 'GPU_DEVICE', 'GPU_NAME', 'SIMULATED_DEVICE', 'API', 'API_KEY', 'PYTHON'],
  ...['VERSION', 'BUNDLES', 'BUCKET', 'PUBLISH', 'S3_PUBLISH', 'DEFAULT_BUNDLE', 'UNMET_TEST_NEEDS'],
].map((name) => `STYLEFLOW_${name}`);

/** The name of every setting of any process, that of the command line and of the compose file too. */
const EVERY_SETTING: ReadonlySet<string> = new Set([...Object.keys(PLAIN), ...Object.keys(processSettings), ...OTHERS]);

/** What Kubernetes sets in every container for a Service that is named `styleflow-…`. */
const OF_KUBERNETES = /_SERVICE_(HOST|PORT)|_PORT_\d+_(TCP|UDP)/;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Parses the environment of a process. What is set for another process is checked as well: whoever sets one environment for all of
 * them learns of a wrong value from whichever starts first.
 * @throws SettingsError naming each wrong variable.
 */
export function parseProcessEnv<S extends z.ZodRawShape>(shape: S, env: Environment): z.infer<z.ZodObject<S>> {
  const set = new Set(Object.keys(env));
  const foreign = Object.fromEntries(Object.entries(PLAIN).filter(([name]) => set.has(name)));
  return parseEnv<S>({ ...foreign, ...shape }, env);
}

/** A sentence for each variable that looks like a setting and is none, with the nearest right name. */
export function unknownSettings(env: Environment): string[] {
  return Object.entries(env)
    .filter(([name, value]) => name.startsWith('STYLEFLOW_') && value !== '' && !EVERY_SETTING.has(name))
    .filter(([name, value]) => !OF_KUBERNETES.test(name) && value?.startsWith('tcp://') !== true)
    .map(([name]) => {
      const nearest = nearestWord(name, [...EVERY_SETTING]);
      return `${name} is no setting and changes nothing${nearest === null ? '' : `; did you mean ${nearest}?`}`;
    });
}
