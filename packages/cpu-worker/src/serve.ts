import { createLogger, runMain, runUntilShutdown, sayReady, startTracing } from '@styleflow/runtime';
import { readEnv, unknownNames } from './env.js';
import { runCpuWorker } from './run-cpu-worker.js';

runMain(async () => {
  const env = readEnv();
  const logger = createLogger('cpu-worker', env.STYLEFLOW_LOG_LEVEL);
  for (const sentence of unknownNames()) logger.warn(sentence);
  await startTracing(env, 'styleflow-cpu-worker', logger);
  const worker = await runCpuWorker(env, logger);
  runUntilShutdown(logger, () => worker.stop());
  sayReady(worker.adminPort);
});
