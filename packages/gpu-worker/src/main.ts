import { createLogger, runMain, runUntilShutdown, sayReady, startTracing } from '@styleflow/runtime';
import { readEnv } from './env.js';
import { leaveAtOnce } from './leave-at-once.js';
import { runGpuWorker } from './run-gpu-worker.js';

runMain(async () => {
  const settings = readEnv();
  const logger = createLogger('gpu-worker', settings.STYLEFLOW_LOG_LEVEL);
  await startTracing(settings, 'styleflow-gpu-worker', logger);
  const worker = await runGpuWorker(settings, logger);
  runUntilShutdown(logger, () => worker.stop());
  worker.died.then((error) => {
    // Its clips come back to the queue when their locks end; a fresh process serves better than a half dead one.
    logger.fatal({ err: error }, 'the score thread died');
    return leaveAtOnce(worker.abandon());
  });
  sayReady(worker.adminPort);
});
