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
  /** Checkpoint files by role. Content alone makes a content bundle, all three a style-content bundle. */
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
  const variant = variantOf(wanted);
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

function variantOf(roles: readonly CheckpointRole[]): Exclude<ModelBundle['variant'], 'custom'> {
  if (!roles.includes('content')) throw checkpointError('the content checkpoint is missing: a bundle needs it');
  if (roles.length === 1) return 'content';
  if (roles.length === CHECKPOINT_ROLES.length) return 'style-content';
  const [missing] = CHECKPOINT_ROLES.filter((role) => !roles.includes(role));
  throw checkpointError(`the ${missing} checkpoint is missing: the style branch needs both style-gru and psp`);
}

function buildGraphs(
  variant: ModelBundle['variant'],
  tensors: ReadonlyMap<CheckpointRole, RoleTensors>,
): { graph: OnnxGraph; parts: Record<string, OnnxGraph> } {
  const [content, gru, psp] = [tensors.get('content'), tensors.get('style-gru'), tensors.get('psp')];
  if (!content) throw checkpointError('the content checkpoint is missing: a bundle needs it');
  if (variant === 'content' || !gru || !psp) {
    return {
      graph: fusedGraph({ content }),
      parts: { 'content.onnx': contentPart(content), 'head.onnx': headPart(content, false) },
    };
  }
  return {
    graph: fusedGraph({ content, style: { gru, psp } }),
    parts: {
      'content.onnx': contentPart(content),
      'psp.onnx': pspPart(psp),
      'style-gru.onnx': styleGruPart(gru),
      'head.onnx': headPart(content, true),
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
