import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/**
 * Writes the folder that is published: `node packages/client/dist/package-main.js OUT`, then `npm pack OUT`. Each entry is one
 * file that needs no other package, not even in a page without a bundler; types come from the document and need none either.
 */
const HERE = fileURLToPath(new URL('.', import.meta.url));
const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const out = process.argv[2];
if (out === undefined) throw new Error('Name the folder to write: node packages/client/dist/package-main.js OUT');
await rm(out, { recursive: true, force: true });
await mkdir(join(out, 'types'), { recursive: true });

for (const [entry, platform] of [
  ['index', 'node'],
  ['browser', 'browser'],
] as const) {
  const bundle = await rolldown({ input: join(HERE, `${entry}.js`), platform, external: /^node:/, logLevel: 'warn' });
  const { output } = await bundle.write({ file: join(out, `${entry}.js`), format: 'esm', minify: 'dce-only' });
  await bundle.close();
  const needed = output.flatMap((file) => (file.type === 'chunk' ? file.imports : []));
  const strange = needed.filter((name) => platform === 'browser' || !name.startsWith('node:'));
  if (strange.length > 0) throw new Error(`${entry}.js needs ${strange.join(', ')}`);
}
for (const path of await reachableTypes(['index.d.ts', 'browser.d.ts'])) {
  await mkdir(join(out, 'types', path, '..'), { recursive: true });
  const text = await readFile(join(HERE, path), 'utf8');
  await writeFile(join(out, 'types', path), text.replace(/^\/\/# sourceMappingURL=.*$/m, ''));
}
await writeFile(join(out, 'package.json'), `${JSON.stringify(await manifest(), null, 2)}\n`);
await cp(join(PACKAGE, 'README.md'), join(out, 'README.md'));
await cp(join(ROOT, 'LICENSE'), join(out, 'LICENSE'));
process.stdout.write(`${(await readdir(out)).sort().join('\n')}\n`);

async function manifest(): Promise<object> {
  const { name, version, description, license } = JSON.parse(await readFile(join(PACKAGE, 'package.json'), 'utf8'));
  return {
    ...{ name, version, description, license },
    type: 'module',
    sideEffects: false,
    engines: { node: '>=20' },
    exports: {
      '.': {
        browser: { types: './types/browser.d.ts', default: './browser.js' },
        types: './types/index.d.ts',
        default: './index.js',
      },
      './browser': { types: './types/browser.d.ts', default: './browser.js' },
    },
    types: './types/index.d.ts',
  };
}

/** The declarations that the entries lead to. One that leads out of the package would not be there for whoever installs it. */
async function reachableTypes(entries: readonly string[]): Promise<Set<string>> {
  const reached = new Set<string>();
  const open = [...entries];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    const text = await readFile(join(HERE, path), 'utf8');
    for (const [, from = ''] of text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)) {
      if (!from.startsWith('.')) throw new Error(`the types in ${path} need ${from}`);
      open.push(join(path, '..', from.replace(/\.js$/, '.d.ts')));
    }
  }
  return reached;
}
