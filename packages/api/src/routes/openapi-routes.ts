import { Router } from 'express';
import { allowMethods } from '../http/allow-methods.js';
import { openApiDocument } from '../openapi/openapi.js';

/** `GET /openapi.json`. */
export function openApiRoutes(): Router {
  const document = openApiDocument();
  const router = Router();
  const route = router.route('/openapi.json');
  route.get((_request, response) => {
    response.json(document);
  });
  allowMethods(route, 'GET');
  return router;
}
