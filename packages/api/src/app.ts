import { JobError } from '@styleflow/contracts';
import express, { type Express } from 'express';
import { authenticate } from './auth/authenticate.js';
import { errorResponse } from './http/error-response.js';
import { limitCalls } from './http/limit-calls.js';
import { logRequests } from './http/log-requests.js';
import { traceRequests } from './http/trace-requests.js';
import type { ApiPorts } from './ports/api-ports.js';
import { adminRoutes } from './routes/admin-routes.js';
import { batchRoutes } from './routes/batch-routes.js';
import { consoleRoutes } from './routes/console-routes.js';
import { deliveryRoutes } from './routes/delivery-routes.js';
import { docsRoutes } from './routes/docs-routes.js';
import { eventRoutes } from './routes/event-routes.js';
import { evidenceRoutes } from './routes/evidence-routes.js';
import { healthRoutes } from './routes/health-routes.js';
import { jobFileRoutes } from './routes/job-file-routes.js';
import { jobLinkRoutes } from './routes/job-link-routes.js';
import { jobRoutes } from './routes/job-routes.js';
import { keyRoutes } from './routes/key-routes.js';
import { openApiRoutes } from './routes/openapi-routes.js';
import { predictRoutes } from './routes/predict-routes.js';
import { storedUploadRoutes } from './routes/stored-upload-routes.js';
import { systemRoutes } from './routes/system-routes.js';
import { uploadRoutes } from './routes/upload-routes.js';

/** Builds the API over its ports. It opens nothing itself and keeps no process-wide state. */
export function createApp(ports: ApiPorts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.use(logRequests(ports.logger));

  // Open to everyone: to orchestrators, and to holders of a signed address. Metrics ask for the key themselves.
  app.use(healthRoutes(ports));
  // Tracing comes after health and metrics, which are asked every few seconds and would fill the traces.
  app.use(traceRequests());
  app.use(openApiRoutes());
  app.use(consoleRoutes(ports));
  app.use(docsRoutes());
  app.use(keyRoutes(ports));
  app.use(storedUploadRoutes(ports));

  app.use(authenticate(ports.settings.keys));
  for (const limit of limitCalls(ports)) app.use(limit);
  app.use(jobRoutes(ports));
  app.use(jobFileRoutes(ports));
  app.use(jobLinkRoutes(ports));
  app.use(evidenceRoutes(ports));
  app.use(deliveryRoutes(ports));
  app.use(eventRoutes(ports));
  app.use(batchRoutes(ports));
  app.use(uploadRoutes(ports));
  app.use(systemRoutes(ports));
  app.use(adminRoutes(ports));
  app.use(predictRoutes(ports));

  app.use((request) => {
    throw new JobError(
      'not_found',
      `There is nothing at ${request.path.slice(0, 200)}; GET /openapi.json lists the calls.`,
    );
  });
  app.use(errorResponse(ports.logger));
  return app;
}
