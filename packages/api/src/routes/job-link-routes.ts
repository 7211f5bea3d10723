import { isEnded, type JobLinks } from '@styleflow/contracts';
import { Router } from 'express';
import { callerOf } from '../auth/authenticate.js';
import { LINK_SECONDS, signLink } from '../auth/job-links.js';
import { allowMethods } from '../http/allow-methods.js';
import { loadKnown } from '../jobs/load-job.js';
import type { ApiPorts } from '../ports/api-ports.js';

/** Short-lived addresses of what a job has, for browsers, which send no key with an address that a person opens. */
export function jobLinkRoutes({ records, settings }: ApiPorts): Router {
  const router = Router();
  const links = router.route('/v1/jobs/:id/links');
  links.post(async (request, response) => {
    const caller = callerOf(response);
    const { id, status } = await loadKnown(records, request.params.id, caller);
    const expires = Math.floor(Date.now() / 1000) + LINK_SECONDS;
    const key = settings.keys.find(({ name }) => name === caller.owner);
    // Without keys an address is enough as it is.
    const access = key === undefined ? '' : signLink(key, id, expires);
    const files = ['events', ...(isEnded(status) ? ['result', 'report', 'report.pdf', 'preview.webm'] : [])];
    const query = access === '' ? '' : `?access=${encodeURIComponent(access)}`;
    response.set('Cache-Control', 'no-store').json({
      access,
      expiresAt: new Date(expires * 1000).toISOString(),
      links: Object.fromEntries(files.map((file) => [file, `/v1/jobs/${id}/${file}${query}`])),
    } satisfies JobLinks);
  });
  allowMethods(links, 'POST');
  return router;
}
