import { createLogger, runMain, runUntilShutdown, sayReady, startTracing } from '@styleflow/runtime';
import { readEnv, unknownNames } from './env.js';
import { runApi } from './run-api.js';

runMain(async () => {
  const env = readEnv();
  const logger = createLogger('api', env.settings.STYLEFLOW_LOG_LEVEL);
  for (const sentence of unknownNames()) logger.warn(sentence);
  await startTracing(env.settings, 'styleflow-api', logger);
  const api = await runApi(env, logger);
  runUntilShutdown(logger, () => api.stop());
  sayReady(api.port);
});
