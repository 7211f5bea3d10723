import { checkpointError, type PositionalFile } from '@styleflow/files';
import { explainPickle, LARGEST_PICKLE_BYTES } from '../pickle/explain-pickle.js';
import { storageOf } from '../pickle/pickle-values.js';
import { unpickle } from '../pickle/unpickle.js';
import { type PlacedTensors, placeTensors } from './place-tensors.js';
import { encoderTypeOf, findStateDict, type StateDict } from './state-dict.js';
import { locateEntry, readZipDirectory, type ZipEntry } from './zip-directory.js';

/** What a file holds that `torch.save` wrote. */
export interface TorchContents {
  readonly dict: StateDict;
  readonly encoderType: string | undefined;
  readonly placed: PlacedTensors;
}

type Entries = ReadonlyMap<string, ZipEntry>;

/**
 * Reads the zip format of `torch.save` since 1.6: `ARCHIVE/data.pkl`, and an entry `ARCHIVE/data/KEY` for each storage.
 * @throws JobError `invalid_request`
 */
export async function readTorchZip(file: PositionalFile): Promise<TorchContents> {
  const entries = await readZipDirectory(file);
  const pickle = findPickle(file, entries);
  const archive = pickle.name.slice(0, -'data.pkl'.length);
  refuseTorchScript(file, entries, archive);
  if (pickle.size > LARGEST_PICKLE_BYTES) {
    throw checkpointError(`${file.name} has a pickle of ${pickle.size} bytes; names and shapes need far less`);
  }
  const { position, bytes } = await locateEntry(file, pickle);
  try {
    const root = unpickle(await file.read(position, bytes), storageOf).value;
    const dict = findStateDict(file, root);
    const locate = async (key: string) => {
      const entry = entries.get(`${archive}data/${key}`);
      return entry && locateEntry(file, entry);
    };
    const placed = await placeTensors(file, dict, locate, await isBigEndian(file, entries, archive));
    return { dict, encoderType: encoderTypeOf(root), placed };
  } catch (error) {
    throw explainPickle(file, error);
  }
}

function findPickle(file: PositionalFile, entries: Entries): ZipEntry {
  const [pickle, second] = [...entries.values()].filter(({ name }) => /(^|\/)data\.pkl$/.test(name));
  if (pickle && !second) return pickle;
  if (pickle && second) {
    throw checkpointError(`${file.name} holds several PyTorch files (${pickle.name}, ${second.name}): unpack one`);
  }
  const names = [...entries.keys()];
  const inside = names.find((name) => /\.(pth|pt|ckpt|bin|pkl|safetensors|tar)$/i.test(name));
  const what = inside !== undefined ? `it contains ${inside}: unpack that` : 'it has no data.pkl';
  const isNumpy = names.length > 0 && names.every((name) => name.endsWith('.npy'));
  throw checkpointError(
    `${file.name} is a zip archive but no PyTorch file: ${isNumpy ? 'it holds numpy arrays (.npz)' : what}`,
  );
}

function refuseTorchScript(file: PositionalFile, entries: Entries, archive: string): void {
  const isScript = entries.has(`${archive}constants.pkl`);
  if (!isScript && ![...entries.keys()].some((name) => name.startsWith(`${archive}code/`))) return;
  throw checkpointError(
    `${file.name} is a TorchScript program (torch.jit.save): it holds code, not only tensors; ` +
      'its maker can save its weights alone: torch.save(model.state_dict(), FILE)',
  );
}

async function isBigEndian(file: PositionalFile, entries: Entries, archive: string): Promise<boolean> {
  const entry = entries.get(`${archive}byteorder`);
  if (!entry) return false;
  const { position, bytes } = await locateEntry(file, entry);
  const order = (await file.readBuffer(position, Math.min(bytes, 16))).toString('latin1');
  if (order === 'little' || order === 'big') return order === 'big';
  throw checkpointError(`${file.name} has the unknown byte order ${JSON.stringify(order)}`);
}
