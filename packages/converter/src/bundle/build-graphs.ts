import { CHECKPOINT_ROLES, type CheckpointRole, type RoleTensors } from '@styleflow/checkpoints';
import type { ModelBundle, Precision } from '@styleflow/contracts';
import { checkpointError } from '@styleflow/files';
import { cpuBodyParts } from '../networks/content.js';
import { type FamilyTensors, fusedGraph } from '../networks/fuse.js';
import { contentPart, headPart, pspPart, styleGruPart } from '../networks/fuse-parts.js';
import type { BundleGraphs } from './write-bundle.js';

/**
 * Which kind of bundle the checkpoints of these roles make.
 * @throws JobError `invalid_request` that names the role which is missing.
 */
export function variantOf(roles: readonly CheckpointRole[], parts: boolean): Exclude<ModelBundle['variant'], 'custom'> {
  const [missing] = CHECKPOINT_ROLES.filter((role) => !roles.includes(role));
  if (missing === undefined) return 'style-content';
  if (roles.length === 1 && roles[0] === 'content') return 'content';
  if (parts && roles.length > 0) return 'parts';
  const reason =
    missing === 'content' ? 'a bundle that workers serve needs it' : 'the style branch needs both style-gru and psp';
  throw checkpointError(`the ${missing} checkpoint is missing: ${reason} (with --parts any role may come alone)`);
}

/** The checkpoints of the graph that workers run, where the roles suffice for one. */
export function familyOf(
  variant: ModelBundle['variant'],
  tensors: ReadonlyMap<CheckpointRole, RoleTensors>,
): FamilyTensors | null {
  const [content, gru, psp] = [tensors.get('content'), tensors.get('style-gru'), tensors.get('psp')];
  const style = gru && psp ? { gru, psp } : undefined;
  return variant === 'parts' || !content ? null : { content, ...(style && { style }) };
}

/**
 * Builds the graph that workers run, where the roles suffice for one, its other forms by provider, and each network as a
 * graph of its own. For `int8` they are in float32 still.
 */
export function buildGraphs(
  variant: ModelBundle['variant'],
  tensors: ReadonlyMap<CheckpointRole, RoleTensors>,
  precision: Precision,
): Required<BundleGraphs> {
  const [content, gru, psp] = [tensors.get('content'), tensors.get('style-gru'), tensors.get('psp')];
  const family = familyOf(variant, tensors);
  return {
    // In bytes no card runs it, so the form for a CPU is the only one.
    graph: family && fusedGraph(family, precision, precision === 'int8' ? cpuBodyParts(family.content) : 1),
    forms: family ? formsOf(family, precision) : {},
    parts: {
      ...(content && { 'content.onnx': contentPart(content, precision) }),
      ...(psp && { 'psp.onnx': pspPart(psp, precision) }),
      ...(gru && { 'style-gru.onnx': styleGruPart(gru, precision) }),
      ...(content && { 'head.onnx': headPart(content, gru !== undefined && psp !== undefined) }),
    },
  };
}

/**
 * The forms that providers run instead of the graph: on a CPU the content network in parts
 * (decisions/0009-a-form-of-the-graph-for-the-cpu.md). Halves are made for cards, and a narrow network gains nothing.
 */
function formsOf(family: FamilyTensors, precision: Precision): Required<BundleGraphs>['forms'] {
  const parts = cpuBodyParts(family.content);
  return precision === 'fp32' && parts > 1 ? { cpu: fusedGraph(family, precision, parts) } : {};
}
