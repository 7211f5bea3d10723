import { checkpointError } from './checkpoint-error.js';
import type { PositionalFile } from './positional-file.js';
import { explainPickle, findStateDict, placeTensor, type StateDict, storageReference } from './state-dict.js';
import type { StoredTensor } from './stored-tensor.js';
import { unpickle } from './unpickle.js';
import { readZipDirectory } from './zip-directory.js';

/** The pickle holds names and shapes only; a full StyleFlow checkpoint needs 100 kB. */
export const LARGEST_PICKLE_BYTES = 64 * 2 ** 20;

/** The zip format of `torch.save` since 1.6: `ARCHIVE/data.pkl` beside one entry `ARCHIVE/data/KEY` per storage. */
export async function readTorchZip(
  file: PositionalFile,
): Promise<{ dict: StateDict; tensors: ReadonlyMap<string, StoredTensor> }> {
  const entries = await readZipDirectory(file);
  const pickle = [...entries.values()].find(({ name }) => name === 'data.pkl' || name.endsWith('/data.pkl'));
  if (!pickle) throw checkpointError(`${file.name} is a zip archive but no PyTorch file: it has no data.pkl`);
  if (pickle.size > LARGEST_PICKLE_BYTES) throw checkpointError(`${file.name} has a pickle of ${pickle.size} bytes`);
  const archive = pickle.name.slice(0, -'data.pkl'.length);
  const order = entries.get(`${archive}byteorder`);
  if (order && Buffer.from(await file.read(order.position, Math.min(order.size, 8))).toString('latin1') !== 'little') {
    throw checkpointError(`${file.name} was saved on a big-endian machine, which is not supported`);
  }
  try {
    const { value } = unpickle(await file.read(pickle.position, pickle.size), storageReference);
    const dict = findStateDict(file, value);
    const tensors = new Map<string, StoredTensor>();
    for (const [name, tensor] of dict.tensors) {
      const entry = entries.get(`${archive}data/${tensor.storage.key}`);
      if (!entry) throw checkpointError(`${file.name} lacks the data of tensor ${name} (data/${tensor.storage.key})`);
      tensors.set(name, placeTensor(file, name, tensor, { position: entry.position, bytes: entry.size }));
    }
    return { dict, tensors };
  } catch (error) {
    throw explainPickle(file, error);
  }
}
