export { type FileFolder, fileFolder } from './file-folder.js';
export { readNpy } from './numpy-file.js';
export { externalTensor, graph, modelFile, node, TYPES, tensor, value } from './onnx-file.js';
export { pillowResize } from './pillow-resize.js';
export { headerEntry, safetensors } from './safetensors-file.js';
export { FAMILY, ODD, TINY } from './tiny-family.js';
export {
  call,
  floats,
  type Picklable,
  pickle,
  type TorchTensor,
  torchLegacy,
  torchPickle,
  torchZip,
} from './torch-file.js';
export { weightedSum, weightedSumFile, weights } from './weighted-sum.js';
export { centralEntry, closeZip, localHeader, writeZip, type ZipLies } from './zip-file.js';
