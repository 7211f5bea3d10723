import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { BUNDLE_FOLDER } from '@styleflow/bundles';
import {
  CHECKPOINT_ROLES,
  type Checkpoint,
  type CheckpointRole,
  openCheckpoint,
  type RoleTensors,
  recogniseRole,
  STYLE_ATTENTION_PREFIX,
  tensorsOfRole,
} from '@styleflow/checkpoints';
import type { ModelBundle } from '@styleflow/contracts';
import { assertReplaceable, checkpointError, fileDigest } from '@styleflow/files';
import { weightBytes } from '@styleflow/onnx';
import { cpuBodyParts } from '../networks/content.js';
import { type FamilyTensors, fusedGraph, type Precision } from '../networks/fuse.js';
import { contentPart, headPart, pspPart, styleGruPart } from '../networks/fuse-parts.js';
import { type ExaminedHalves, examineHalves } from './examine-halves.js';
import { ImportMeter, type ImportProgress } from './import-meter.js';
import { type ImportedRole, usageOf, widthsOf } from './imported-role.js';
import { type BundleGraphs, GRAPH_FILE, type WrittenBundle, writeBundle } from './write-bundle.js';

export interface ImportOptions {
  /**
   * Checkpoint files by role. Content alone makes a content bundle, all three roles a style-content bundle. With
   * `parts`, other selections make a bundle of parts alone.
   */
  readonly checkpoints: Readonly<Partial<Record<CheckpointRole, string>>>;
  /** The bundle's folder. */
  readonly directory: string;
  /**
   * Also replace another bundle there. A bundle of the same name and precision, made from the same files, is replaced
   * in any case.
   */
  readonly mayReplaceOther?: boolean;
  readonly name: string;
  /** False for random or half-finished weights: such a bundle never calls a video fake or real. */
  readonly trained: boolean;
  /** Lowest job score that is called fake. */
  readonly threshold: number;
  readonly precision?: Precision;
  /**
   * With half precision: the number of clips on which the bundle is compared with float32, and on which its values are
   * checked against what halves can hold. Each clip takes one run of either kind on the CPU; 0 skips both.
   */
  readonly errorClips?: number;
  /** Also write each network as a graph of its own. */
  readonly parts: boolean;
  /**
   * Graphs with more bytes of weights than this keep them in a data file that they share. By default this is what one
   * model file can hold.
   */
  readonly largestModelBytes?: number;
  readonly onProgress?: ImportProgress;
  /** Ends the import with the signal's reason. Nothing is left behind in this case either. */
  readonly signal?: AbortSignal;
}

export interface ImportedBundle extends WrittenBundle {
  readonly roles: readonly ImportedRole[];
  /** What half precision changes, and its largest values. Null where it is not used or not examined. */
  readonly halves: ExaminedHalves | null;
}

/** An open checkpoint and the role that it fills. */
interface OpenRole {
  readonly role: CheckpointRole;
  readonly path: string;
  readonly bytes: number;
  readonly checkpoint: Checkpoint;
  readonly tensors: RoleTensors;
}

/** Tensors that a content bundle does not need: its checkpoint may hold the style attention nevertheless. */
const SPARE_CONTENT = new RegExp(`(^|\\.)${STYLE_ATTENTION_PREFIX.replaceAll('.', '\\.')}`);

/**
 * Makes a bundle from PyTorch or safetensors checkpoints.
 * @throws JobError `invalid_request` that names the file and the tensor, or what else is wrong; nothing is left behind then.
 */
export async function importBundle(options: ImportOptions): Promise<ImportedBundle> {
  const wanted = CHECKPOINT_ROLES.filter((role) => options.checkpoints[role] !== undefined);
  const variant = variantOf(wanted, options.parts);
  const { name, directory, precision = 'fp32', errorClips = 0, mayReplaceOther = false } = options;
  // These checks come first, so that a refusal does not wait until gigabytes are read.
  await assertReplaceable(directory, { kind: BUNDLE_FOLDER, origin: { traits: { name, precision } }, mayReplaceOther });
  const meter = new ImportMeter(options.onProgress, options.signal);
  const open: OpenRole[] = [];
  try {
    for (const role of wanted) open.push(await openRole(role, options.checkpoints[role] ?? '', meter));
    const byRole = new Map(open.map(({ role, tensors }) => [role, tensors]));
    const { graph, forms, parts } = buildGraphs(variant, byRole, precision);
    for (const { role, tensors } of open) tensors.refuseExtra(role === 'content' ? SPARE_CONTENT : undefined);
    const written = options.parts ? parts : {};
    for (const each of [...(graph ? [graph] : []), ...Object.values(written)]) meter.expect(weightBytes(each));
    const source: ModelBundle['source'] = [];
    for (const { role, path } of open) {
      const sha256 = await meter.time(role, () => fileDigest(path, (count) => meter.advance(count)));
      source.push({ file: basename(path), sha256, role });
    }
    const { trained, threshold, largestModelBytes } = options;
    const calibration = { a: 1, b: 0 };
    const facts = { name, variant, trained, precision, threshold, calibration, source, createdAt: new Date() };
    let halves: ExaminedHalves | null = null;
    const examine = async (fresh: string): Promise<void> => {
      if (precision === 'fp32' || errorClips === 0) return;
      const again = buildGraphs(variant, byRole, precision);
      const graphs = again.graph ? { [GRAPH_FILE]: again.graph } : again.parts;
      halves = await examineHalves({ fresh, directory, graphs, clips: errorClips });
    };
    const files = { graph, forms, parts: written };
    const bundle = await writeBundle(directory, facts, files, { largestModelBytes, mayReplaceOther, examine });
    return { ...bundle, halves, roles: open.map((each) => describe(each, meter.seconds(each.role))) };
  } finally {
    for (const { checkpoint } of open) await checkpoint.close();
  }
}

async function openRole(role: CheckpointRole, path: string, meter: ImportMeter): Promise<OpenRole> {
  const checkpoint = meter.watch(role, await meter.time(role, () => openCheckpoint(path)));
  try {
    const { size: bytes } = await stat(path);
    meter.expect(bytes);
    return { role, path, bytes, checkpoint, tensors: tensorsOfRole(checkpoint, role) };
  } catch (error) {
    await checkpoint.close();
    throw error;
  }
}

function describe({ role, bytes, checkpoint, tensors }: OpenRole, seconds: number): ImportedRole {
  const { file, format, wrapping } = checkpoint;
  const prefix = recogniseRole(checkpoint.names())?.prefix ?? '';
  const widths = widthsOf(role, tensors);
  return { role, file, format, bytes, wrapping, prefix, ...usageOf(checkpoint, tensors), widths, seconds };
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

/**
 * Builds the graph that workers run, where the roles suffice for one, its other forms by provider, and each network as a
 * graph of its own.
 */
function buildGraphs(
  variant: ModelBundle['variant'],
  tensors: ReadonlyMap<CheckpointRole, RoleTensors>,
  precision: Precision,
): Required<BundleGraphs> {
  const [content, gru, psp] = [tensors.get('content'), tensors.get('style-gru'), tensors.get('psp')];
  const style = gru && psp ? { gru, psp } : undefined;
  const family = variant === 'parts' || !content ? null : { content, ...(style && { style }) };
  return {
    graph: family && fusedGraph(family, precision),
    forms: family ? formsOf(family, precision) : {},
    parts: {
      ...(content && { 'content.onnx': contentPart(content, precision) }),
      ...(psp && { 'psp.onnx': pspPart(psp, precision) }),
      ...(gru && { 'style-gru.onnx': styleGruPart(gru, precision) }),
      ...(content && { 'head.onnx': headPart(content, style !== undefined) }),
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
