import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT } from '../set-up/root.mjs';
import { makeReproducible, readBillOfMaterials } from './bill-of-materials.mjs';
import { checkLicences, isAllowed } from './check-licences.mjs';

describe('the bill of materials', () => {
  it('names what is shipped, with licences that are allowed, and is the same made twice', async () => {
    const bom = await readBillOfMaterials({ isShippedOnly: true });
    expect(bom).toMatchObject({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      metadata: { component: { name: 'styleflow' } },
    });
    const names = bom.components.map(({ group, name }) => (group === undefined ? name : `${group}/${name}`));
    expect(names).toEqual(expect.arrayContaining(['sharp', 'bullmq', '@aws-sdk/client-s3', 'onnxruntime-node']));
    expect(names).not.toContain('vitest');
    for (const component of bom.components) expect(component['bom-ref']).toMatch(/^pkg:npm\//);
    expect(JSON.stringify(await readBillOfMaterials({ isShippedOnly: true }))).toBe(JSON.stringify(bom));
    expect(checkLicences(bom.components, ROOT).findings).toEqual([]);
  });

  it('holds no time and no order of its maker', () => {
    const component = (/** @type {string} */ name) => ({ name, version: '1.0.0', 'bom-ref': `pkg:npm/${name}@1.0.0` });
    const made = (/** @type {string} */ timestamp, /** @type {string[]} */ names) =>
      makeReproducible(
        {
          bomFormat: 'CycloneDX',
          serialNumber: `urn:uuid:${timestamp}`,
          metadata: { timestamp, component: component('styleflow') },
          components: [...names, 'ours'].map(component),
          dependencies: [
            ...names.map((name) => ({ ref: component(name)['bom-ref'], dependsOn: names })),
            // Told otherwise each time.
            { ref: component('ours')['bom-ref'], dependsOn: names.slice(0, 1) },
          ],
        },
        new Map([['ours', ['b@1.0.0']]]),
      );
    const first = made('2026-01-01', ['a', 'b']);
    expect(JSON.stringify(made('2027-02-02', ['b', 'a']))).toBe(JSON.stringify(first));
    expect(first.dependencies).toContainEqual({ ref: 'pkg:npm/ours@1.0.0', dependsOn: ['pkg:npm/b@1.0.0'] });
    expect(first.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(made('2026-01-01', ['a', 'c']).serialNumber).not.toBe(first.serialNumber);
  });
});

describe('the check of licences', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'licences-'));
    mkdirSync(join(root, 'docs'));
    writeFileSync(join(root, 'docs/third-party.md'), 'Named: `@img/sharp-libvips-*` and `minimatch`.\n');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  /** @param {string | undefined} licence @param {string} name @param {string} [group] */
  const of = (licence, name, group) => ({
    ...(group !== undefined && { group }),
    ...{ name, version: '1.2.3', 'bom-ref': name },
    ...(licence !== undefined && { licenses: [{ expression: licence }] }),
  });

  it('lets pass what is free of conditions, and what the page names', () => {
    const components = [
      of('MIT', 'a'),
      of('(GPL-3.0-only OR MIT)', 'b'),
      of('Apache-2.0 AND BSD-3-Clause', 'c'),
      of('LGPL-3.0-or-later', 'sharp-libvips-linux-x64', '@img'),
    ];
    expect(checkLicences(components, root)).toEqual({
      findings: [],
      named: ['@img/sharp-libvips-linux-x64 (LGPL-3.0-or-later)'],
    });
  });

  it('refuses what is under another licence, under none, or not named', () => {
    const components = [
      of('GPL-3.0-only', 'a'),
      of('MIT AND SSPL-1.0', 'b'),
      of(undefined, 'c'),
      of('MPL-2.0', 'lightningcss'),
      of('UNLICENSED', 'minimatch'),
    ];
    expect(checkLicences(components, root).findings).toEqual([
      expect.stringMatching(/^a 1\.2\.3: .*GPL-3\.0-only.* is not among/),
      expect.stringMatching(/^b 1\.2\.3: .* is not among/),
      'c 1.2.3: it states no licence',
      expect.stringMatching(/^docs\/third-party\.md does not name lightningcss, which is under .*MPL-2\.0/),
      expect.stringMatching(/^minimatch 1\.2\.3: .*UNLICENSED.* is not among/),
    ]);
  });

  it.each([
    ['MIT', true],
    ['A', false],
    ['A OR MIT', true],
    ['A AND MIT', false],
    ['MIT AND A OR ISC', true],
    ['(A OR MIT) AND (ISC)', true],
    ['MIT OR A AND A', true],
    ['', false],
    ['MIT)', false],
    ['MIT ISC', false],
  ])('reads "%s" as an expression of SPDX', (expression, expected) => {
    expect(isAllowed(expression, new Set(['MIT', 'ISC']))).toBe(expected);
  });
});
