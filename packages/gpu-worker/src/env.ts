import { inferenceSettings } from '@styleflow/inference';
import { queueSettings } from '@styleflow/queue';
import {
  gpuWorkerPlainSettings,
  parseProcessEnv,
  processSettings,
  refusedSigningKey,
  unknownSettings,
} from '@styleflow/runtime';
import { storeSettings } from '@styleflow/storage';
import { z } from 'zod';

const settings = {
  ...processSettings,
  ...queueSettings,
  ...storeSettings,
  ...inferenceSettings,
  ...gpuWorkerPlainSettings,
  STYLEFLOW_SIGNING_KEY: refusedSigningKey,
  /** A bundle's folder, or `s3://bucket/prefix`; absent: the untrained bundle. */
  STYLEFLOW_BUNDLE: z.string().optional(),
  /** The folder in which bundles from S3 are kept between starts; absent: the system's temporary folder. */
  STYLEFLOW_BUNDLE_CACHE: z.string().optional(),
  /**
   * The folder in which graphs are kept as the runtime has rewritten them for this processor, so that the next start is
   * short; absent: a folder of this user in the system's temporary folder. Only workers on the CPU use it.
   */
  STYLEFLOW_GRAPH_CACHE: z.string().optional(),
  /**
   * The folder in which TensorRT would keep engines between starts (see `tensorrtEnvironment`); absent: the system's
   * temporary folder.
   */
  STYLEFLOW_TENSORRT_CACHE: z.string().optional(),
};

export type GpuWorkerSettings = ReturnType<typeof readEnv>;

/** @throws SettingsError naming each wrong variable. */
export function readEnv(env: Readonly<Record<string, string | undefined>> = process.env) {
  return parseProcessEnv(settings, env);
}

/** Sets variables for libraries that read the environment themselves (CUDA). Call it before they are loaded. */
export function setEnv(variables: Readonly<Record<string, string>>): void {
  Object.assign(process.env, variables);
}

/** Sentences about variables that look like settings and are none. */
export const unknownNames = (): string[] => unknownSettings(process.env);
