import { inferenceSettings } from '@styleflow/inference';
import { integerSetting, parseEnv, processSettings } from '@styleflow/runtime';

/** The settings that are needed to start several workers. Workers parse the others themselves. */
export function readEnv() {
  return parseEnv(
    {
      STYLEFLOW_ADMIN_PORT: processSettings.STYLEFLOW_ADMIN_PORT,
      STYLEFLOW_GPU_NAME: inferenceSettings.STYLEFLOW_GPU_NAME,
      STYLEFLOW_SHUTDOWN_GRACE_SECONDS: integerSetting({ min: 0, max: 3600, fallback: 10 }),
    },
    process.env,
  );
}
