import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Router } from 'express';
import { allowMethods } from '../http/allow-methods.js';

/** Nothing from elsewhere, nothing in line: whatever stands in the document can neither run nor call out. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Files of the viewer that the page needs, by their types. */
const FILES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>StyleFlow: the API</title>
<link rel="icon" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<main id="api"><noscript>This page needs scripts. The document itself: <a href="/openapi.json">/openapi.json</a></noscript></main>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

// The viewer has dark colours and leaves the choice to the page. `validatorUrl` null: else it would send the document's address to its makers.
const START = `const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', follow);
follow();
SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  persistAuthorization: false,
  validatorUrl: null,
});
`;

/** `GET /docs`: the OpenAPI document for people, by a viewer that is served from here. */
export function docsRoutes(): Router {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const router = Router();
  const page = router.route('/docs');
  page.get((_request, response) => {
    response.set({ 'Content-Security-Policy': POLICY, 'Cache-Control': 'no-cache' });
    response.type('html').send(PAGE);
  });
  allowMethods(page, 'GET');

  const start = router.route('/docs/start.js');
  start.get((_request, response) => {
    response.set('Cache-Control', 'no-cache').type('text/javascript').send(START);
  });
  allowMethods(start, 'GET');

  for (const [name, type] of Object.entries(FILES)) {
    const file = router.route(`/docs/${name}`);
    file.get((_request, response, next) => {
      response.set({ 'Content-Type': type, 'Cache-Control': 'public, max-age=86400' });
      response.sendFile(join(folder, name), { cacheControl: false, dotfiles: 'allow' }, (error) => {
        if (error) next(error);
      });
    });
    allowMethods(file, 'GET');
  }
  return router;
}
