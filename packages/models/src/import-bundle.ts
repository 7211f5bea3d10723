import { basename } from 'node:path';
import type { ModelBundle } from '@styleflow/contracts';
import { checkpointError } from './checkpoint-error.js';
import { CHECKPOINT_ROLES, type CheckpointRole, tensorsOfRole } from './checkpoint-role.js';
import { fileDigest } from './file-digest.js';
import { fusedGraph } from './fuse.js';
import { contentPart, headPart, pspPart, styleGruPart } from './fuse-parts.js';
import type { OnnxGraph } from './onnx-graph.js';
import { type Checkpoint, openCheckpoint } from './read-checkpoint.js';
import type { RoleTensors } from './role-tensors.js';
import { STYLE_ATTENTION_PREFIX } from './style-attention.js';
import { type WrittenBundle, writeBundle } from './write-bundle.js';

export interface ImportOptions {
  /**
   * Checkpoint files by role. Content alone makes a content bundle, all three a style-content bundle; with `parts` any
   * others make a bundle of parts alone.
   */
  readonly checkpoints: Readonly<Partial<Record<CheckpointRole, string>>>;
  /** The bundle's folder. */
  readonly directory: string;
  readonly name: string;
  /** False for random or half-finished weights: such a bundle never calls a video fake or real. */
  readonly trained: boolean;
  /** Lowest job score that is called fake. */
  readonly threshold: number;
  /** Also write each network as a graph of its own. */
  readonly parts: boolean;
}

/** What the import took from each checkpoint. */
export interface ImportedRole {
  readonly role: CheckpointRole;
  readonly file: string;
  readonly tensorsUsed: number;
  /** Tensors of the file that no graph reads (a decoder, training state). */
  readonly tensorsUnused: readonly string[];
}

interface OpenRole extends ImportedRole {
  readonly path: string;
}

/** A content checkpoint may bring the style attention although the bundle has no style. */
const SPARE_CONTENT = new RegExp(`(^|\\.)${STYLE_ATTENTION_PREFIX.replaceAll('.', '\\.')}`);

/**
 * Makes a bundle from PyTorch or safetensors checkpoints.
 * @throws JobError `invalid_request` that names the file and the tensor, or what else is wrong; nothing is left behind then.
 */
export async function importBundle(
  options: ImportOptions,
): Promise<WrittenBundle & { readonly roles: readonly ImportedRole[] }> {
  const wanted = CHECKPOINT_ROLES.filter((role) => options.checkpoints[role] !== undefined);
  const variant = variantOf(wanted, options.parts);
  const open = new Map<CheckpointRole, Checkpoint>();
  try {
    for (const role of wanted) open.set(role, await openCheckpoint(options.checkpoints[role] ?? ''));
    const tensors = new Map<CheckpointRole, RoleTensors>();
    for (const [role, checkpoint] of open) tensors.set(role, tensorsOfRole(checkpoint, role));
    const { graph, parts } = buildGraphs(variant, tensors);
    for (const [role, used] of tensors) used.refuseExtra(role === 'content' ? SPARE_CONTENT : undefined);
    const roles = [...open].map(([role, checkpoint]) => describeRole(role, checkpoint, tensors, options));
    const source = await Promise.all(
      roles.map(async ({ role, file, path }) => ({ file, sha256: await fileDigest(path), role })),
    );
    const { name, trained, threshold, directory } = options;
    const facts = { name, variant, trained, threshold, calibration: { a: 1, b: 0 }, source, createdAt: new Date() };
    const written = await writeBundle(directory, facts, graph, options.parts ? parts : {});
    return { ...written, roles };
  } finally {
    for (const checkpoint of open.values()) await checkpoint.close();
  }
}

function variantOf(roles: readonly CheckpointRole[], parts: boolean): Exclude<ModelBundle['variant'], 'custom'> {
  const [missing] = CHECKPOINT_ROLES.filter((role) => !roles.includes(role));
  if (missing === undefined) return 'style-content';
  if (roles.length === 1 && roles[0] === 'content') return 'content';
  if (parts && roles.length > 0) return 'parts';
  const reason =
    missing === 'content' ? 'a bundle that workers serve needs it' : 'the style branch needs both style-gru and psp';
  throw checkpointError(`the ${missing} checkpoint is missing: ${reason} (with --parts any role may come alone)`);
}

/** The graph that workers run, where the roles make one, and each network that they can make on its own. */
function buildGraphs(
  variant: ModelBundle['variant'],
  tensors: ReadonlyMap<CheckpointRole, RoleTensors>,
): { graph: OnnxGraph | null; parts: Record<string, OnnxGraph> } {
  const [content, gru, psp] = [tensors.get('content'), tensors.get('style-gru'), tensors.get('psp')];
  const style = gru && psp ? { gru, psp } : undefined;
  return {
    graph: variant === 'parts' || !content ? null : fusedGraph({ content, ...(style && { style }) }),
    parts: {
      ...(content && { 'content.onnx': contentPart(content) }),
      ...(psp && { 'psp.onnx': pspPart(psp) }),
      ...(gru && { 'style-gru.onnx': styleGruPart(gru) }),
      ...(content && { 'head.onnx': headPart(content, style !== undefined) }),
    },
  };
}

function describeRole(
  role: CheckpointRole,
  checkpoint: Checkpoint,
  tensors: ReadonlyMap<CheckpointRole, RoleTensors>,
  options: ImportOptions,
): OpenRole {
  const path = options.checkpoints[role] ?? '';
  const used = new Set(tensors.get(role)?.used());
  const tensorsUnused = checkpoint.names().filter((name) => !used.has(name));
  return { role, path, file: basename(path), tensorsUsed: used.size, tensorsUnused };
}
