import { bundleDigest, bundleId, type ModelBundle, ModelBundleSchema } from '@styleflow/contracts';
import type { FolderKind, Origin } from '@styleflow/files';

/** The manifest's file name in a bundle's folder. */
export const MANIFEST_FILE = 'bundle.json';

/**
 * This file lies in the bundle's folder but does not belong to the bundle: recording it leaves the id unchanged, and a
 * copy of the bundle is complete without it.
 */
export const EXPECTATIONS_FILE = 'expectations.json';

/** How a bundle's folder is read and named when a new bundle is to replace it. */
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

/**
 * What a bundle was made as and from. Threshold, training and parts are left out: an import that sets them anew still
 * makes the same bundle.
 */
export function bundleOrigin({ name, precision, source }: Pick<ModelBundle, 'name' | 'precision' | 'source'>): Origin {
  return { traits: { name, precision }, sources: source };
}
