import { bundleDigest, bundleId, type ModelBundle, ModelBundleSchema } from '@styleflow/contracts';
import type { FolderKind, Origin } from '@styleflow/files';

/** The manifest's file name in a bundle's folder. */
export const MANIFEST_FILE = 'bundle.json';

/**
 * Lies in the bundle's folder but is not of the bundle: recording it leaves the id as it is, and a copy of the bundle is
 * whole without it.
 */
export const EXPECTATIONS_FILE = 'expectations.json';

/** What a new bundle may take the place of. */
export const BUNDLE_FOLDER: FolderKind = {
  noun: 'bundle',
  manifest: MANIFEST_FILE,
  beside: [EXPECTATIONS_FILE],
  read: (json) => {
    const manifest = ModelBundleSchema.parse(json);
    return {
      title: bundleId(manifest.name, bundleDigest(manifest.files)),
      files: Object.keys(manifest.files),
      origin: bundleOrigin(manifest),
    };
  },
};

/** Threshold, training and parts are set anew by each import: they make no other bundle of it. */
export function bundleOrigin({ name, precision, source }: Pick<ModelBundle, 'name' | 'precision' | 'source'>): Origin {
  return { traits: { name, precision }, sources: source };
}
