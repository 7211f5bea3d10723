import type { Logger } from '@styleflow/runtime';
import type { RequestHandler } from 'express';

/** One line per answered call; reading calls, which polling repeats, only on level `debug`. No queries, bodies or headers. */
export function logRequests(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.once('close', () => {
      const facts = {
        method: request.method,
        path: request.path,
        status: response.statusCode,
        ms: Math.round(performance.now() - startedAt),
        ...(response.writableFinished ? {} : { brokenOff: true }),
      };
      if (request.method === 'GET' && response.statusCode < 400) logger.debug(facts, 'answered');
      else logger.info(facts, 'answered');
    });
    next();
  };
}
