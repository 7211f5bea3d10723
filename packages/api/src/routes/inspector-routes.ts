import { EntriesQuerySchema, JobError } from '@styleflow/contracts';
import { type Response, Router } from 'express';
import { adminOnly, authenticateBrowser } from '../auth/authenticate.js';
import { allowMethods } from '../http/allow-methods.js';
import { parseRequest } from '../http/parse-request.js';
import { entriesPage } from '../inspector/entries-page.js';
import { entryDetailsPage } from '../inspector/entry-details-page.js';
import { PAGE_HEADERS } from '../inspector/page-frame.js';
import { queuesPage } from '../inspector/queues-page.js';
import { readJob } from '../jobs/read-job.js';
import type { ApiPorts } from '../ports/api-ports.js';
import { readEntries, readEntry } from '../system/read-entries.js';
import { readQueues } from '../system/read-queues.js';

/** As many failed jobs as fit on a screen below the rest of the page. */
const FAILED_JOBS = 20;

/**
 * `/admin/queues`: the queue inspector as pages for people. The pages only show, because a browser sends its key along
 * with any request.
 */
export function inspectorRoutes(ports: ApiPorts): Router {
  const { lists, announcements, settings } = ports;
  const router = Router();
  router.use('/admin', authenticateBrowser(settings.keys), adminOnly);

  const all = router.route('/admin/queues');
  all.get(async (_request, response) => {
    const [queues, workers, failed] = await Promise.all([
      readQueues(ports),
      announcements.workers(),
      lists.list({ status: 'failed', limit: FAILED_JOBS }),
    ]);
    sendPage(response, queuesPage({ queues, workers, failedJobs: failed.jobs.map(readJob) }));
  });
  allowMethods(all, 'GET');

  const one = router.route('/admin/queues/:queue');
  one.get(async (request, response) => {
    const { queue: name } = request.params;
    const query = parseRequest(EntriesQuerySchema, request.query, 'query');
    const [queues, list] = await Promise.all([readQueues(ports), readEntries(ports, name, query)]);
    const queue = queues.find((facts) => facts.name === name);
    if (queue === undefined) throw new JobError('not_found', `There is no queue ${name}.`);
    sendPage(response, entriesPage({ queue, state: query.state, list, isFirst: query.cursor === undefined }));
  });
  allowMethods(one, 'GET');

  const entry = router.route('/admin/queues/:queue/entries/:id');
  entry.get(async (request, response) => {
    sendPage(response, entryDetailsPage(await readEntry(ports, request.params.queue, request.params.id)));
  });
  allowMethods(entry, 'GET');
  return router;
}

function sendPage(response: Response, page: string): void {
  response.set(PAGE_HEADERS).send(page);
}
