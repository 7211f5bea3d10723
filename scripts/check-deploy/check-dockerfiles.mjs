import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findFloatingTag } from './image-tags.mjs';
import { linesOf, runTool } from './run-tool.mjs';

/** @typedef {import('../set-up/deploy-tools.mjs').DeployTools} DeployTools */

/**
 * Syntax and known mistakes of each Dockerfile, and what ours promise: pinned bases, a user that is not root, a health
 * check, an init process, the same first stage in all.
 * @param {DeployTools} tools
 * @param {string} root
 * @returns {Promise<import('./run-tool.mjs').Outcome>}
 */
export async function checkDockerfiles(tools, root) {
  const { validate } = await tools.load('dockerfile-utils');
  const { DockerfileParser } = await tools.load('dockerfile-ast');
  const folder = join(root, 'deploy/docker');
  const names = readdirSync(folder).filter((name) => name.endsWith('Dockerfile'));
  const files = names.map((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    return { name, text, file: DockerfileParser.parse(text) };
  });
  const findings = files.flatMap(({ name, text, file }) => {
    const mistakes = validate(text).map(
      (/** @type {any} */ { range, message }) => `${range.start.line + 1}: ${message}`,
    );
    const found = [...mistakes, ...findBrokenPromises(file), ...checkShell(tools, file)];
    return found.map((finding) => `${name}: ${finding}`);
  });
  const firstStages = new Set(files.flatMap(({ text }) => /^FROM .* AS workspace\n(?:.+\n)*/m.exec(text)?.[0] ?? []));
  if (firstStages.size > 1)
    findings.push('the stage `workspace` is not the same in all files: its layers are built anew');
  const version = (/** @type {string} */ name) =>
    JSON.parse(readFileSync(join(tools.folder, 'node_modules', name, 'package.json'), 'utf8')).version;
  const tool = `dockerfile-utils ${version('dockerfile-utils')}, shellcheck on each RUN, own rules`;
  return { tool, checked: `${names.length} Dockerfiles`, findings };
}

/** @param {any} file */
function findBrokenPromises(file) {
  /** @type {string[]} */
  const findings = [];
  const defaults = new Map(
    file
      .getInitialARGs()
      .map((/** @type {any} */ arg) => [arg.getProperty()?.getName(), arg.getProperty()?.getValue()]),
  );
  /** @type {any[][]} the instructions of each stage */
  const stages = [];
  for (const instruction of file.getInstructions()) {
    if (instruction.getKeyword() === 'FROM') stages.push([]);
    stages.at(-1)?.push(instruction);
  }
  const names = new Set(stages.map(([from]) => from.getBuildStage()));
  for (const [from] of stages) {
    const image = from
      .getImage()
      .replace(/^\$\{(\w+)\}$/, (/** @type {string} */ _, /** @type {string} */ name) => defaults.get(name) ?? '');
    if (!names.has(image)) findings.push(...findFloatingTag(image));
  }
  for (const source of stages.flat().flatMap((line) => line.getFromFlag?.()?.getValue() ?? [])) {
    if (!names.has(source)) findings.push(...findFloatingTag(source));
  }
  // What is shipped: stages that nothing is built upon and nothing is copied from.
  const used = new Set(
    stages.flatMap((stage) => [stage[0].getImage(), ...stage.map((line) => line.getFromFlag?.()?.getValue())]),
  );
  const shipped = stages.filter(([from]) => !used.has(from.getBuildStage()));
  for (const stage of shipped) {
    const last = (/** @type {string} */ keyword) =>
      stage.findLast((line) => line.getKeyword() === keyword)?.getRawArgumentsContent() ?? '';
    const where = stage[0].getBuildStage() ?? stage[0].getImage();
    if (!/^[1-9]\d*:[1-9]\d*$/.test(last('USER'))) findings.push(`${where}: USER must be a number other than root's`);
    if (last('HEALTHCHECK') === '') findings.push(`${where}: no HEALTHCHECK`);
    // What runs to its end, as the trainer and the command line, says that it has no health to check.
    const programs = last('HEALTHCHECK') === 'NONE' ? ['node', 'python3'] : ['node'];
    if (!programs.some((program) => last('ENTRYPOINT').startsWith(`["tini", "--", "${program}"`)))
      findings.push(`${where}: ENTRYPOINT must start tini, which starts ${programs.join(' or ')}`);
  }
  if (shipped.length === 0) findings.push('no stage is shipped');
  return findings;
}

/**
 * Each RUN as the shell script that it is.
 * @param {DeployTools} tools
 * @param {any} file
 * @returns {string[]}
 */
function checkShell({ programs }, file) {
  const path = programs.shellcheck;
  if (path === undefined) return [];
  const runs = file.getInstructions().filter((/** @type {any} */ line) => line.getKeyword() === 'RUN');
  return runs.flatMap((/** @type {any} */ run) => {
    const script = run.getRawArgumentsContent();
    const mistakes = SHELL_MISTAKES.get(script) ?? findShellMistakes(path, script);
    SHELL_MISTAKES.set(script, mistakes);
    return mistakes.map((mistake) => `RUN at ${run.getRange().start.line + 1}: ${mistake}`);
  });
}

/** What shellcheck said of each script: the files share most of theirs. @type {Map<string, readonly string[]>} */
const SHELL_MISTAKES = new Map();

/** @param {string} path of shellcheck @param {string} script @returns {readonly string[]} */
function findShellMistakes(path, script) {
  const { ok, stdout } = runTool(path, ['--shell=sh', '--format=gcc', '-'], { input: `${script}\n` });
  return ok ? [] : linesOf(stdout).map((line) => line.replace(/^-:/, ''));
}
