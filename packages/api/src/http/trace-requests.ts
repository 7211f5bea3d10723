import { runInSpan, startSpan } from '@styleflow/runtime';
import type { RequestHandler } from 'express';
import { knownMethod, routeOf } from './route-of.js';

/** A span for each call, from its head to the end of its answer; goes on from the caller's `traceparent`. No queries, bodies or headers. */
export function traceRequests(): RequestHandler {
  return (request, response, next) => {
    const method = knownMethod(request.method);
    const span = startSpan(method, {
      kind: 'server',
      parent: request.get('traceparent') ?? null,
      attributes: { 'http.request.method': method, 'url.path': request.path },
    });
    response.once('close', () => {
      const route = routeOf(request);
      // Known by now: the pattern, since a path in the name would make as many names as there are jobs.
      if (route !== null) span.rename(`${method} ${route}`);
      span.set({ 'http.route': route ?? undefined, 'http.response.status_code': response.statusCode });
      span.end();
    });
    runInSpan(span, next);
  };
}
