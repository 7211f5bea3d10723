import { createLogger, runMain, runUntilShutdown, sayReady, startTracing } from '@styleflow/runtime';
import { readEnv, unknownNames } from './env.js';
import { leaveAtOnce } from './leave-at-once.js';
import { runGpuWorker } from './run-gpu-worker.js';

runMain(async () => {
  const settings = readEnv();
  const logger = createLogger('gpu-worker', settings.STYLEFLOW_LOG_LEVEL);
  for (const sentence of unknownNames()) logger.warn(sentence);
  await startTracing(settings, 'styleflow-gpu-worker', logger);
  const worker = await runGpuWorker(settings, logger);
  runUntilShutdown(logger, () => worker.stop());
  worker.died.then((error) => {
    // The clips go back to the queue when their locks expire. A new process serves better than this one without its
    // thread.
    logger.fatal({ err: error }, 'the score thread died');
    return leaveAtOnce(worker.abandon());
  });
  sayReady(worker.adminPort);
});
