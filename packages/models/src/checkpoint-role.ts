import { checkpointError } from './checkpoint-error.js';
import type { Checkpoint } from './read-checkpoint.js';
import { RoleTensors } from './role-tensors.js';
import { STYLE_ATTENTION_PREFIX } from './style-attention.js';

/** What a checkpoint can be in a bundle. */
export const CHECKPOINT_ROLES = ['content', 'style-gru', 'psp'] as const;
export type CheckpointRole = (typeof CHECKPOINT_ROLES)[number];

/** One tensor per role that no other network has; whatever stands before it is the checkpoint's prefix. */
const MARKERS: Readonly<Record<CheckpointRole, string>> = {
  content: 's1.pathway0_stem.conv.weight',
  'style-gru': 'gru.weight_ih_l0',
  psp: 'input_layer.0.weight',
};

export interface RecognisedRole {
  readonly role: CheckpointRole;
  /** What stands before the network's own names (`module.model.`, `encoder.`, `resnet.`). */
  readonly prefix: string;
  /** Of a content checkpoint: it has the learned style attention, so it can head a style-content bundle. */
  readonly styleAttention: boolean;
}

/** The role that the names of a checkpoint's tensors show; undefined when they fit none. */
export function recogniseRole(names: readonly string[]): RecognisedRole | undefined {
  for (const role of CHECKPOINT_ROLES) {
    const marker = MARKERS[role];
    const found = names.find((name) => name === marker || name.endsWith(`.${marker}`));
    if (found === undefined) continue;
    const prefix = found.slice(0, -marker.length);
    const styleAttention = names.some((name) => name.startsWith(prefix + STYLE_ATTENTION_PREFIX));
    return { role, prefix, styleAttention };
  }
  return undefined;
}

/**
 * The tensors of an open checkpoint in the role it was given for.
 * @throws JobError `invalid_request` when the file is for another role, or for none.
 */
export function tensorsOfRole(checkpoint: Checkpoint, role: CheckpointRole): RoleTensors {
  const recognised = recogniseRole(checkpoint.names());
  if (recognised?.role === role) {
    return new RoleTensors(checkpoint, `${role} checkpoint ${checkpoint.file}`, recognised.prefix);
  }
  const what = recognised ? `is a ${recognised.role} checkpoint` : `has no tensor ${MARKERS[role]}`;
  throw checkpointError(`${checkpoint.file} cannot be the ${role} checkpoint: it ${what}`);
}
