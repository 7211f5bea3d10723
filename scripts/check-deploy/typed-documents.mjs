import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from './run-tool.mjs';

/** JSON has the values of an enum, never its members. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is TypeScript's.
const PLAIN = 'type Plain<T> = T extends string ? `${T}` : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;';

/**
 * Checks JSON documents against published TypeScript types: a key that the type does not have is an error, which JSON
 * schemas of Kubernetes do not tell.
 * @param {{ folder: string }} tools
 * @param {string} root of the repository, whose compiler is used
 * @param {ReadonlyArray<{ name: string, type: string, module: string, json: unknown }>} documents
 * @returns {string[]} sentences
 */
export function checkTypes({ folder }, root, documents) {
  // The documents lie beside the packages, so that their types are found.
  const work = join(folder, `typed-${process.pid}-${Math.random().toString(36).slice(2)}`);
  mkdirSync(work);
  try {
    /** @type {Array<{ first: number, name: string, lines: string[] }>} */
    const ranges = [];
    /** @type {string[]} */
    const lines = [PLAIN];
    documents.forEach(({ name, type, module, json }, index) => {
      lines.push(`import type { ${type} as Type${index} } from '${module}';`);
      const text = `export const document${index}: Plain<Type${index}> = ${JSON.stringify(json, null, 1)};`.split('\n');
      ranges.push({ first: lines.length, name, lines: text });
      lines.push(...text);
    });
    writeFileSync(join(work, 'documents.ts'), lines.join('\n'));
    const options = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--target',
      'es2022',
      '--types',
      '',
      '--pretty',
      'false',
    ];
    const args = [...options, '--module', 'nodenext', '--ignoreConfig', join(work, 'documents.ts')];
    const { ok, stdout } = runTool(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...args]);
    if (ok) return [];
    return [...stdout.matchAll(/documents\.ts\((\d+),\d+\): error \w+: (.*)/g)].map(([, at, message]) => {
      const line = Number(at) - 1;
      const range = ranges.findLast(({ first }) => first <= line);
      return `${range?.name}: ${range?.lines[line - range.first]?.trim()} — ${message}`;
    });
  } finally {
    rmSync(work, { recursive: true });
  }
}
