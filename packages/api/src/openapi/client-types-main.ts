import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { clientTypes } from './client-types.js';
import { withComingBatchCalls } from './coming-batch-calls.js';
import { openApiDocument } from './openapi.js';

/** Writes the client's generated files anew, after the document has changed. */
for (const { path, text } of await clientTypes(withComingBatchCalls(openApiDocument()))) {
  await writeFile(fileURLToPath(new URL(`../../../client/src/${path}`, import.meta.url)), text);
}
