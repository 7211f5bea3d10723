import { parseSync, Visitor } from 'oxc-parser';

/**
 * What one TypeScript file takes from outside itself, type-only imports included: a type ties two files together as
 * much as a function does.
 * @typedef {object} ModuleFacts
 * @property {string[]} imports module names of static, dynamic and type imports and of re-exports
 * @property {string[]} packageTexts other string literals and templates that name a workspace package
 * @property {boolean} readsEnvironment
 *
 * @param {string} path for messages and to tell TypeScript from JavaScript
 * @param {string} source
 * @returns {ModuleFacts}
 * @throws {Error} when the file does not parse
 */
export function readModule(path, source) {
  const { program, errors } = parseSync(path, source);
  const [first] = errors;
  if (first !== undefined) throw new Error(`${path} does not parse: ${first.message}`);
  /** @type {Set<string>} */
  const imports = new Set();
  /** @type {string[]} */
  const texts = [];
  let readsEnvironment = false;
  new Visitor({
    ImportDeclaration: (node) => {
      imports.add(node.source.value);
      const names = node.specifiers.map((each) => (each.type === 'ImportSpecifier' ? nameOf(each.imported) : ''));
      if (/^(node:)?process$/.test(node.source.value) && names.includes('env')) readsEnvironment = true;
    },
    ExportNamedDeclaration: (node) => {
      if (node.source !== null) imports.add(node.source.value);
    },
    ExportAllDeclaration: (node) => {
      imports.add(node.source.value);
    },
    ImportExpression: (node) => {
      if (node.source.type === 'Literal') imports.add(String(node.source.value));
    },
    TSImportType: (node) => {
      imports.add(node.source.value);
    },
    CallExpression: (node) => {
      const [argument] = node.arguments;
      const isRequire = node.callee.type === 'Identifier' && node.callee.name === 'require';
      if (isRequire && argument?.type === 'Literal') imports.add(String(argument.value));
    },
    MemberExpression: (node) => {
      const isProcess = node.object.type === 'Identifier' && node.object.name === 'process';
      if (isProcess && (nameOf(node.property) === 'env' || node.computed)) readsEnvironment = true;
    },
    VariableDeclarator: (node) => {
      if (node.init?.type === 'Identifier' && node.init.name === 'process') readsEnvironment = true;
    },
    Literal: (node) => {
      if (typeof node.value === 'string') texts.push(node.value);
    },
    TemplateElement: (node) => {
      texts.push(node.value.raw);
    },
  }).visit(program);
  const packageTexts = texts.filter((text) => text.startsWith('@styleflow/') && !imports.has(text));
  return { imports: [...imports], packageTexts, readsEnvironment };
}

/** @param {{ type: string, name?: unknown, value?: unknown }} node an identifier or a literal */
function nameOf(node) {
  return node.type === 'Identifier' ? node.name : node.value;
}
