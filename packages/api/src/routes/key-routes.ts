import type { PublicJwks } from '@styleflow/contracts';
import { Router } from 'express';
import { allowMethods } from '../http/allow-methods.js';
import type { ApiPorts } from '../ports/api-ports.js';

/** The public keys of this system for everyone: the one that signs, and retired ones with their dates. */
export function keyRoutes({ settings }: Pick<ApiPorts, 'settings'>): Router {
  const router = Router();
  const keys = router.route('/.well-known/jwks.json');
  keys.get((_request, response) => {
    response.set('Cache-Control', 'public, max-age=300');
    response.json({ keys: [...(settings.signingKeys?.published ?? [])] } satisfies PublicJwks);
  });
  allowMethods(keys, 'GET');
  return router;
}
