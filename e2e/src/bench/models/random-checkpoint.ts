import { open } from 'node:fs/promises';
import {
  type CheckpointRole,
  contentShapes,
  EIGHTH_WIDTHS,
  FULL_WIDTHS,
  pspShapes,
  randomTensors,
  styleGruShapes,
} from '@styleflow/checkpoints';
import { elementCount } from '@styleflow/files';

/**
 * Writes a safetensors checkpoint of the published sizes, or of an eighth of their widths, with seeded random values.
 * Benchmarks import it where the trained weights are missing. It is written tensor by tensor, so memory holds only the
 * largest one (400 MB of StyleGRU's).
 */
export async function writeRandomCheckpoint(
  role: CheckpointRole,
  path: string,
  seed: number,
  size: 'published' | 'eighth' = 'published',
): Promise<void> {
  const widths = size === 'published' ? FULL_WIDTHS : EIGHTH_WIDTHS;
  const shapes = {
    content: () => contentShapes(widths, true),
    'style-gru': () => styleGruShapes(widths),
    psp: () => pspShapes(widths),
  }[role]();
  const header: Record<string, { dtype: 'F32'; shape: readonly number[]; data_offsets: readonly [number, number] }> =
    {};
  let end = 0;
  for (const [name, shape] of shapes) {
    const bytes = elementCount(shape) * 4;
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end + bytes] };
    end += bytes;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const tensors = randomTensors(shapes, seed);
  const file = await open(path, 'w');
  try {
    await file.writeFile(length);
    await file.writeFile(text);
    for (const name of shapes.keys()) {
      const values = await tensors.read(name);
      await file.writeFile(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    }
  } finally {
    await file.close();
  }
}
