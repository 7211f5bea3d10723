/** The text of packed files: what is written otherwise so that it can run where it stands, by run-program.cjs. */

/**
 * @param {string} code
 * @param {string} place of the module, from where the program stands
 * @param {ReadonlySet<string>} threads
 */
export function keepPlace(code, place, threads) {
  return code
    .replaceAll(/new URL\('[\w./-]*?([\w-]+)\.js', import\.meta\.url\)/g, (whole, name) =>
      threads.has(name) ? `new URL('./${name}.js', programUrl)` : whole,
    )
    .replaceAll('import.meta.url', `new URL(${JSON.stringify(place)}, programUrl).href`);
}

/**
 * What Node runs: the modules that are left where they are cannot be loaded by the packed code itself, where Node has no `require` of them.
 * @param {string} name
 * @param {readonly string[]} before
 */
export function entryOf(name, before) {
  const imports = before.map((path, index) => `import * as before${index} from ${JSON.stringify(path)};\n`);
  const given = before.map((path, index) => `${JSON.stringify(path)}: before${index}`);
  return `import run from './run.cjs';\n${imports.join('')}run.runProgram('${name}', { ${given.join(', ')} }, (id) => import(id));\n`;
}

/**
 * What is loaded on demand and stays outside is imported by the entry.
 * @param {string} code
 */
export function importedOutside(code) {
  return code.replaceAll(/(?<![.\w$])import\((?=["\w])/g, 'programImport(');
}

/**
 * Other characters by their numbers, which is the same in strings, templates and patterns: V8 holds a text of one byte a character then.
 * @param {string} code
 */
export function inAscii(code) {
  return code.replaceAll(/(\\*)([\u0080-\uffff])/g, (_, slashes, unit) => {
    const number = `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
    // A character behind a single backslash stands for itself, a number behind two would not.
    return `${slashes.length % 2 === 0 ? slashes : slashes.slice(1)}${number}`;
  });
}
