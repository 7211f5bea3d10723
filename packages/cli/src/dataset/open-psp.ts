import { join } from 'node:path';
import { openBundle } from '@styleflow/bundles';
import { JobError } from '@styleflow/contracts';
import { openStyleCodes, type StyleCodes } from '@styleflow/datasets';
import type { DatasetSettings } from './env.js';

/** The pSp of a bundle. */
export interface PspPart {
  readonly bundle: string;
  readonly sha256: string;
  open(): Promise<StyleCodes>;
}

/** @throws JobError `bundle_unknown` for no bundle, `invalid_request` for one without the part `psp.onnx` */
export async function findPsp(folder: string, settings: DatasetSettings): Promise<PspPart> {
  const { id, manifest, directory } = await openBundle(folder);
  const part = manifest.parts?.find((path) => /(^|\/)psp\.onnx$/.test(path));
  const sha256 = part === undefined ? undefined : manifest.files[part];
  if (part === undefined || sha256 === undefined)
    throw new JobError(
      'invalid_request',
      `${id} has no part psp.onnx: make one with \`styleflow models import --psp FILE --parts --out DIR\``,
    );
  const { STYLEFLOW_EXECUTION_PROVIDERS: providers, STYLEFLOW_THREADS: threads } = settings;
  return { bundle: id, sha256, open: () => openStyleCodes(join(directory, part), { providers, threads }) };
}
