import { JobError, mintUploadId } from '@styleflow/contracts';
import { uploadKey } from '@styleflow/storage';
import { type Request, type Response, Router } from 'express';
import { consoleHeaders } from '../console/console-policy.js';
import { readSite, SITE_FOLDER, type SiteFile } from '../console/read-site.js';
import { allowMethods } from '../http/allow-methods.js';
import type { ApiPorts } from '../ports/api-ports.js';

const A_YEAR = 'public, max-age=31536000, immutable';

/** The console: one page at `/`, and the files that it consists of. Open to everyone: it holds nothing, and asks for a key itself. */
export function consoleRoutes({ store }: ApiPorts): Router {
  const router = Router();
  const site = readSite(SITE_FOLDER);
  let uploadOrigin: string | null = null;
  // Where signed uploads go is known once the store can sign; without it the page works but for uploads.
  const headers = async (): Promise<Readonly<Record<string, string>>> => {
    uploadOrigin ??= await originOfUploads(store);
    return consoleHeaders(uploadOrigin);
  };

  const page = router.route('/');
  page.get(async (request, response) => {
    const file = site.get('index.html');
    if (file === undefined) {
      throw new JobError('not_found', 'The console was not built. GET /openapi.json lists the calls of the API.');
    }
    response.set(await headers());
    send(request, response, file);
  });
  allowMethods(page, 'GET');

  // Where operators looked before there was a console.
  const before = router.route('/admin/queues');
  before.get((_request, response) => response.redirect('/#/system'));
  allowMethods(before, 'GET');

  const asset = router.route('/assets/:name');
  asset.get((request, response) => {
    const file = site.get(`assets/${request.params.name}`);
    // A page of the version before asks for files that are gone.
    if (file === undefined) throw new JobError('not_found', 'The console has no such file; load its page anew.');
    response.set({ 'X-Content-Type-Options': 'nosniff', 'Cross-Origin-Resource-Policy': 'same-origin' });
    send(request, response, file);
  });
  allowMethods(asset, 'GET');
  return router;
}

async function originOfUploads(store: ApiPorts['store']): Promise<string | null> {
  try {
    const signed = await store.signUpload(uploadKey('console', mintUploadId()), { expiresInSeconds: 60, maxBytes: 1 });
    return new URL(signed.url).origin;
  } catch {
    return null;
  }
}

function send(request: Request, response: Response, file: SiteFile): void {
  response.set({
    'Content-Type': file.type,
    'Cache-Control': file.isHashed ? A_YEAR : 'no-cache',
    ETag: file.etag,
    Vary: 'Accept-Encoding',
  });
  if (request.headers['if-none-match'] === file.etag) {
    response.status(304).end();
    return;
  }
  const encoding = request.acceptsEncodings('br', 'gzip');
  if (encoding !== false) response.set('Content-Encoding', encoding);
  const body = encoding === 'br' ? file.br : encoding === 'gzip' ? file.gzip : file.bytes;
  response.set('Content-Length', String(body.length)).end(request.method === 'HEAD' ? undefined : body);
}
