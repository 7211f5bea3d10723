import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPnpm } from '../set-up/find-pnpm.mjs';
import { StepFailed } from '../set-up/refusal.mjs';
import { ROOT } from '../set-up/root.mjs';

/**
 * @typedef {object} Component of CycloneDX
 * @property {string} name
 * @property {string} [group]
 * @property {string} version
 * @property {string} bom-ref
 * @property {Array<{ license?: { id?: string, name?: string }, expression?: string }>} [licenses]
 */

/**
 * Licences that old packages state in a form that is read no more (`licenses`), or in a file alone.
 * @type {Readonly<Record<string, string>>}
 */
const STATED_OTHERWISE = { async: 'MIT', busboy: 'MIT', streamsearch: 'MIT', numeric: 'MIT' };

/**
 * The bill of materials (CycloneDX, JSON) of what npm packages bring, by pnpm from lock file and store. Made twice it is the same, byte
 * for byte: no time, an order by name, a serial number of its own content.
 * @param {{ isShippedOnly: boolean }} options without it also what builds and tests
 * @returns {Promise<{ components: Component[] } & Record<string, any>>}
 */
export async function readBillOfMaterials({ isShippedOnly }) {
  const pnpm = await findPnpm();
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-spec-version', '1.6', '--sbom-type', 'application'];
  const { status, stdout, stderr } = spawnSync(pnpm, isShippedOnly ? [...args, '--prod'] : args, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new StepFailed(`pnpm could not list the packages: ${stderr.trim() || stdout.trim()}`);
  return makeReproducible(JSON.parse(stdout), readOwnPackages());
}

/**
 * @param {any} bom
 * @param {ReadonlyMap<string, readonly string[]>} own what each package of ours depends on, by name
 */
export function makeReproducible(bom, own) {
  const { serialNumber: _, metadata, components, dependencies, ...rest } = bom;
  const { timestamp: __, ...facts } = metadata;
  const byRef = (
    /** @type {{ 'bom-ref'?: string, ref?: string }} */ a,
    /** @type {{ 'bom-ref'?: string, ref?: string }} */ b,
  ) => ordered(a['bom-ref'] ?? a.ref ?? '', b['bom-ref'] ?? b.ref ?? '');
  const content = {
    ...rest,
    metadata: facts,
    components: components.map(withLicence).sort(byRef),
    dependencies: edgesOf(dependencies ?? [], own, components, metadata.component['bom-ref']).sort(byRef),
  };
  const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  // A name-based UUID (version 8, of our own making) of the content.
  const uuid = `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
  return { ...content, serialNumber: `urn:uuid:${uuid}` };
}

/**
 * What depends on what. Of packages of ours pnpm tells it differently each time, so theirs is read from their manifests.
 * @param {ReadonlyArray<{ ref: string, dependsOn?: string[] }>} told by pnpm
 * @param {ReadonlyMap<string, readonly string[]>} own what each package of ours depends on, by name: `NAME@VERSION`, of ours `NAME`
 * @param {readonly Component[]} components
 * @param {string} root the reference of the whole
 */
function edgesOf(told, own, components, root) {
  /** @type {Map<string, string>} */
  const refs = new Map();
  for (const component of components) {
    const name = nameOf(component);
    refs.set(`${name}@${component.version}`, component['bom-ref']);
    if (own.has(name)) refs.set(name, component['bom-ref']);
  }
  const ours = new Map(
    [...own].flatMap(([name, others]) => (refs.has(name) ? [[String(refs.get(name)), others]] : [])),
  );
  const foreign = told.filter(({ ref }) => ref !== root && !ours.has(ref));
  return [
    ...foreign.map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: [...new Set(dependsOn)].sort(ordered) })),
    ...[...ours].map(([ref, others]) => ({
      ref,
      dependsOn: others.flatMap((name) => refs.get(name) ?? []).sort(ordered),
    })),
    { ref: root, dependsOn: [...ours.keys()].sort(ordered) },
  ];
}

/** @returns {ReadonlyMap<string, readonly string[]>} */
function readOwnPackages() {
  const folders = [...readdirSync(join(ROOT, 'packages')).map((name) => join('packages', name)), 'e2e'];
  const manifests = folders.map((folder) => join(ROOT, folder, 'package.json')).filter((path) => existsSync(path));
  return new Map(
    manifests.map((path) => {
      const { name, dependencies = {} } = JSON.parse(readFileSync(path, 'utf8'));
      // Versions are exact; a package of ours is there once.
      const others = Object.entries(dependencies).map(([other, version]) =>
        version === 'workspace:*' ? other : `${other}@${version}`,
      );
      return [name, others];
    }),
  );
}

/** @param {Component} component */
const nameOf = ({ group, name }) => (group === undefined ? name : `${group}/${name}`);

/** By code units: an order that no locale changes. @param {string} a @param {string} b */
const ordered = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** @param {Component} component */
function withLicence(component) {
  const id = component.group === undefined ? STATED_OTHERWISE[component.name] : undefined;
  return id === undefined || component.licenses?.length ? component : { ...component, licenses: [{ license: { id } }] };
}
