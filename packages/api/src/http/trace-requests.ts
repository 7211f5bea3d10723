import { runInSpan, startSpan } from '@styleflow/runtime';
import type { RequestHandler } from 'express';
import { knownMethod, routeOf } from './route-of.js';

/**
 * Opens a span for each call, from its head to the end of its answer. It continues the caller's `traceparent`. Queries,
 * bodies and headers are left out.
 */
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
      // Now the route is known. The span is named after its pattern, because with paths there would be as many names as
      // jobs.
      if (route !== null) span.rename(`${method} ${route}`);
      span.set({ 'http.route': route ?? undefined, 'http.response.status_code': response.statusCode });
      span.end();
    });
    runInSpan(span, next);
  };
}
