import type { FileFolder } from '@styleflow/testing/models';
import { importOnnxDetector } from './import-onnx-detector.js';

/** Stores a model and its descriptor in the test's folder, and imports them into `detector` below it. */
export async function importStored(
  folder: FileFolder,
  model: Uint8Array,
  descriptor: Readonly<Record<string, unknown>>,
  mayReplaceOther = false,
) {
  return importOnnxDetector({
    model: await folder.store(model, 'model.onnx'),
    descriptor: await folder.store(Buffer.from(JSON.stringify(descriptor)), 'descriptor.json'),
    directory: folder.path('detector'),
    mayReplaceOther,
  });
}
