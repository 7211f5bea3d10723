import type { Request } from 'express';

/** The pattern of the route that a call matched, because paths hold job ids; null for none. */
export function routeOf(request: Request): string | null {
  const route: unknown = request.route;
  const hasPath = typeof route === 'object' && route !== null && 'path' in route && typeof route.path === 'string';
  return hasPath ? `${request.baseUrl}${route.path}` : null;
}

/** The method's name if it is a known one, because callers may send any word. */
export function knownMethod(method: string): string {
  return ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'].includes(method) ? method : 'other';
}
