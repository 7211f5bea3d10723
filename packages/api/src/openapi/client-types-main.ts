import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { clientTypes } from './client-types.js';
import { openApiDocument } from './openapi.js';

/** Writes the client's generated files anew, after the document has changed. */
for (const { path, text } of await clientTypes(openApiDocument())) {
  await writeFile(fileURLToPath(new URL(`../../../client/src/${path}`, import.meta.url)), text);
}
