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
<link rel="stylesheet" href="/docs/look.css">
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

// Where the viewer's own looks fall short: blocks of code drawn as words in a line, a label that stays dark on dark, rows on phones.
const LOOK = `body { margin: 0 }
.swagger-ui .renderedMarkdown pre { overflow-x: auto; border-radius: 4px; background: rgba(0, 0, 0, .05) }
.swagger-ui .renderedMarkdown pre > code {
  width: max-content; padding: 10px 12px; background: none; color: inherit; font-weight: 400; line-height: 1.6; white-space: pre;
}
html.dark-mode .swagger-ui .renderedMarkdown pre { background: #080a0b }
html.dark-mode .swagger-ui .renderedMarkdown pre > code { background: none; color: inherit }
html.dark-mode .swagger-ui .examples-select__section-label { color: #e4e6e6 }
@media (max-width: 600px) {
  .swagger-ui .wrapper { padding: 0 10px }
  .swagger-ui .info { margin: 25px 0 }
  .swagger-ui .scheme-container { padding: 12px 0 }
  .swagger-ui .opblock { margin-bottom: 8px }
  .swagger-ui .opblock .opblock-summary-method { min-width: 56px; padding: 4px 0; font-size: 11px }
  .swagger-ui .opblock .opblock-summary-path { max-width: none }
}
`;

const OWN_FILES = [
  ['start.js', 'text/javascript', START],
  ['look.css', 'text/css', LOOK],
] as const;

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

  for (const [name, type, text] of OWN_FILES) {
    const own = router.route(`/docs/${name}`);
    own.get((_request, response) => {
      response.set('Cache-Control', 'no-cache').type(type).send(text);
    });
    allowMethods(own, 'GET');
  }

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
