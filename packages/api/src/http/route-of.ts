import type { Request } from 'express';

/** The pattern that a call matched (paths hold job ids); null for none. */
export function routeOf(request: Request): string | null {
  const route: unknown = request.route;
  const hasPath = typeof route === 'object' && route !== null && 'path' in route && typeof route.path === 'string';
  return hasPath ? `${request.baseUrl}${route.path}` : null;
}

/** Callers may send any word for a method. */
export function knownMethod(method: string): string {
  return ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'].includes(method) ? method : 'other';
}
