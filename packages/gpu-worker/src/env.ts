import { inferenceSettings } from '@styleflow/inference';
import { queueSettings } from '@styleflow/queue';
import { integerSetting, parseEnv, processSettings } from '@styleflow/runtime';
import { storeSettings } from '@styleflow/storage';
import { z } from 'zod';

const settings = {
  ...processSettings,
  ...queueSettings,
  ...storeSettings,
  ...inferenceSettings,
  /** A bundle's folder, or `s3://bucket/prefix`; absent: the untrained bundle. */
  STYLEFLOW_BUNDLE: z.string().optional(),
  /** The folder in which bundles from S3 are kept between starts; absent: the system's temporary folder. */
  STYLEFLOW_BUNDLE_CACHE: z.string().optional(),
  /**
   * The folder in which TensorRT would keep engines between starts (see `tensorrtEnvironment`); absent: the system's
   * temporary folder.
   */
  STYLEFLOW_TENSORRT_CACHE: z.string().optional(),
  /** Threads that fetch and unpack clips; 0: half of the cores up to 8 beside a card, 1 on the CPU. */
  STYLEFLOW_UNPACK_THREADS: integerSetting({ min: 0, max: 64, fallback: 0 }),
  /** How long running clips may take after the signal to stop. Those that take longer go back to the queue. */
  STYLEFLOW_SHUTDOWN_GRACE_SECONDS: integerSetting({ min: 0, max: 3600, fallback: 10 }),
};

export type GpuWorkerSettings = ReturnType<typeof readEnv>;

/** @throws SettingsError naming each wrong variable. */
export function readEnv(env: Readonly<Record<string, string | undefined>> = process.env) {
  return parseEnv(settings, env);
}

/** Sets variables for libraries that read the environment themselves (CUDA). Call it before they are loaded. */
export function setEnv(variables: Readonly<Record<string, string>>): void {
  Object.assign(process.env, variables);
}
