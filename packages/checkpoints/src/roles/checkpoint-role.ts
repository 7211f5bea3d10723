import { checkpointError } from '@styleflow/files';
import type { Checkpoint } from '../formats/read-checkpoint.js';
import {
  AVERAGED,
  describeOther,
  type KnownRole,
  missingMark,
  recogniseNetwork,
  STYLE_ATTENTION_PREFIX,
} from '../tensors/known-networks.js';
import { withoutWrappers } from '../tensors/wrapper-segments.js';
import { RoleTensors } from './role-tensors.js';

/** What a checkpoint can be in a bundle. */
export const CHECKPOINT_ROLES = ['content', 'style-gru', 'psp'] as const;
export type CheckpointRole = (typeof CHECKPOINT_ROLES)[number];

export interface RecognisedRole {
  readonly role: KnownRole;
  /** The text before the network's own names (`module.model.`, `encoder.`, `resnet.`). */
  readonly prefix: string;
  /** Whether a content checkpoint has the learned style attention, which a style-content bundle needs. */
  readonly styleAttention: boolean;
}

/**
 * The encoder of pSp, as the options of a checkpoint name it. Other encoders (e4e's) have the same tensors but compute
 * something else.
 */
const PSP_ENCODER = 'GradualStyleEncoder';

/** How many tensors a message names of a file that fits no role. */
const NAMES_SHOWN = 3;

/** The role that the names of a checkpoint's tensors fit; undefined when they fit none. */
export function recogniseRole(names: readonly string[]): RecognisedRole | undefined {
  const found = recogniseNetwork(names);
  if (!found) return undefined;
  // Averaged weights are a second version of the same network, so they do not come first.
  const prefix = found.prefixes.find((each) => !AVERAGED.test(each)) ?? found.prefixes[0];
  const styleAttention = names.some(
    (name) => name.startsWith(prefix) && withoutWrappers(name.slice(prefix.length)).startsWith(STYLE_ATTENTION_PREFIX),
  );
  return { role: found.role, prefix, styleAttention };
}

/**
 * The tensors of an open checkpoint in the role that the caller named.
 * @throws JobError `invalid_request` when the file is for another role, for none, or has the network more than once.
 */
export function tensorsOfRole(checkpoint: Checkpoint, role: KnownRole): RoleTensors {
  const names = checkpoint.names();
  const recognised = recogniseRole(names);
  if (!recognised || recognised.role !== role) {
    const what = recognised ? `it is a ${recognised.role} checkpoint` : describeUnknown(names, role);
    throw checkpointError(`${checkpoint.file} cannot be the ${role} checkpoint: ${what}`);
  }
  const { encoderType = PSP_ENCODER } = checkpoint;
  if (role === 'psp' && encoderType !== PSP_ENCODER) {
    const what = `its options name the encoder ${encoderType}, expected ${PSP_ENCODER}`;
    throw checkpointError(`${checkpoint.file} cannot be the psp checkpoint: ${what}`);
  }
  const plain = recogniseNetwork(names)?.prefixes.filter((prefix) => !AVERAGED.test(prefix)) ?? [];
  if (plain.length > 1) {
    const places = plain.map((prefix) => (prefix === '' ? 'without a prefix' : `under ${prefix}`));
    throw checkpointError(`${checkpoint.file} has the ${role} network more than once (${places.join(', ')})`);
  }
  return new RoleTensors(checkpoint, `${role} checkpoint ${checkpoint.file}`, recognised.prefix);
}

function describeUnknown(names: readonly string[], role: KnownRole): string {
  const other = describeOther(names);
  if (other !== undefined) return `it is ${other}`;
  const shown = names.slice(0, NAMES_SHOWN).join(', ');
  const missing = missingMark(role, names);
  if (missing === undefined)
    return `its tensors of that network do not lie under one prefix; its ${names.length} tensors begin with ${shown}`;
  return `it has no tensor ${missing}; its ${names.length} tensors begin with ${shown}`;
}
