import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { bundleDigest, bundleId, JobError, type ModelBundle, ModelBundleSchema } from '@styleflow/contracts';
import { fileDigest, replaceDirectory } from '@styleflow/files';
import { MANIFEST_FILE } from './bundle-folder.js';
import { CALIBRATION_FILE, type CalibrationFacts, printCalibration } from './calibration-file.js';
import type { OpenedBundle } from './open-bundle.js';

/**
 * Writes a new bundle: the same weights, other thresholds, another id. It never replaces anything.
 * @throws JobError `invalid_request` when something is in the folder already
 */
export async function calibrateBundle(
  { directory: from, manifest }: OpenedBundle,
  directory: string,
  { name, facts, now }: { readonly name: string; readonly facts: CalibrationFacts; readonly now: Date },
): Promise<{ readonly id: string; readonly digest: string; readonly manifest: ModelBundle }> {
  const target = resolve(directory);
  const there = await readdir(target).catch(() => []);
  if (there.length > 0)
    throw new JobError(
      'invalid_request',
      `${target} is not empty: a calibrated bundle is a new one and replaces none; choose another folder`,
    );
  let written: ModelBundle | undefined;
  await replaceDirectory(
    target,
    async (fresh) => {
      const files = { ...manifest.files };
      for (const path of Object.keys(files)) {
        if (path === CALIBRATION_FILE) continue;
        await mkdir(dirname(join(fresh, path)), { recursive: true });
        await copyFile(join(from, path), join(fresh, path));
      }
      await writeFile(join(fresh, CALIBRATION_FILE), printCalibration(facts), { flush: true });
      files[CALIBRATION_FILE] = await fileDigest(join(fresh, CALIBRATION_FILE));
      const { thresholds: _t, ranges: _r, calibratedOn: _c, styleBand: _s, ...kept } = manifest;
      written = ModelBundleSchema.parse({ ...kept, ...facts, name, files, createdAt: now.toISOString() });
      await writeFile(join(fresh, MANIFEST_FILE), `${JSON.stringify(written, null, 2)}\n`, { flush: true });
    },
    async () => false,
  );
  if (written === undefined) throw new JobError('internal', `the bundle in ${target} was not written`);
  const digest = bundleDigest(written.files);
  return { id: bundleId(name, digest), digest, manifest: written };
}
