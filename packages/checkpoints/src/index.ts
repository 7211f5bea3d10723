export { type Checkpoint, type CheckpointFormat, openCheckpoint } from './formats/read-checkpoint.js';
export {
  contentShapes,
  EIGHTH_WIDTHS,
  type FamilyWidths,
  FULL_WIDTHS,
  pspShapes,
  styleGruShapes,
} from './random/family-shapes.js';
export { randomTensors } from './random/random-tensors.js';
export { CHECKPOINT_ROLES, type CheckpointRole, recogniseRole, tensorsOfRole } from './roles/checkpoint-role.js';
export { countParameters } from './roles/count-parameters.js';
export { inspectCheckpoint } from './roles/inspect-checkpoint.js';
export { type ExpectedShape, RoleTensors, type Stretch } from './roles/role-tensors.js';
export { decodeValues } from './tensors/decode-values.js';
export { STYLE_ATTENTION_PATH, STYLE_ATTENTION_PREFIX } from './tensors/known-networks.js';
export type { TensorSource } from './tensors/tensor-source.js';
