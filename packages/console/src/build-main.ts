import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';

const SITE_FOLDER = fileURLToPath(new URL('../site/', import.meta.url));

/**
 * Builds the console into `site`: `node packages/console/dist/build-main.js`. Each file is also written compressed, so that the API
 * sends bytes and computes nothing.
 */
await build({ root: fileURLToPath(new URL('..', import.meta.url)), logLevel: 'error' });
for (const path of readdirSync(SITE_FOLDER, { recursive: true })) {
  const file = join(SITE_FOLDER, String(path));
  if (!statSync(file).isFile()) continue;
  const bytes = readFileSync(file);
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }));
}
