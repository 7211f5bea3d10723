import { basename } from 'node:path';
import { fileDigest } from '@styleflow/files';
import type { ExternalWeights } from './external-weights.js';

/** What a manifest says of one file that the bundle was made from. */
interface ForeignSource {
  readonly file: string;
  readonly sha256: string;
  readonly role: 'onnx' | 'onnx-data';
}

/** The files that a foreign model was read from: the model, then the files beside it that were opened. */
export async function foreignSource(model: string, outside: ExternalWeights): Promise<ForeignSource[]> {
  const paths = [model, ...outside.paths];
  return Promise.all(
    paths.map(async (path, at) => ({
      file: basename(path),
      sha256: await fileDigest(path),
      role: at === 0 ? 'onnx' : 'onnx-data',
    })),
  );
}
