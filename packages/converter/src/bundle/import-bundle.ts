import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
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
import type { ModelBundle, Precision } from '@styleflow/contracts';
import { assertReplaceable, checkpointError, fileDigest } from '@styleflow/files';
import { weightBytes } from '@styleflow/onnx';
import { ContentRounding, type Int8Options, int8Facts, type RoundedContent } from '../int8/round-content.js';
import { buildGraphs, familyOf, variantOf } from './build-graphs.js';
import { type ExaminedHalves, examineHalves } from './examine-halves.js';
import { ImportMeter, type ImportProgress } from './import-meter.js';
import { type ImportedRole, usageOf, widthsOf } from './imported-role.js';
import { type BundleContents, GRAPH_FILE, type WrittenBundle, writeBundle } from './write-bundle.js';

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
  /** With `int8`, and with it alone: the clips that it needs, and the bits of weights. */
  readonly int8?: Int8Options;
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
  /** What `int8` changes. Null for other precisions. */
  readonly int8: RoundedContent | null;
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
  const { name, directory, precision = 'fp32', errorClips = 0, mayReplaceOther = false, signal } = options;
  const rounding = roundingOf(options);
  await rounding?.refuseProcessor();
  // These checks come first, so that a refusal does not wait until gigabytes are read.
  await assertReplaceable(directory, { kind: BUNDLE_FOLDER, origin: { traits: { name, precision } }, mayReplaceOther });
  const meter = new ImportMeter(options.onProgress, signal);
  const open: OpenRole[] = [];
  try {
    for (const role of wanted) open.push(await openRole(role, options.checkpoints[role] ?? '', meter));
    const byRole = new Map(open.map(({ role, tensors }) => [role, tensors]));
    const family = familyOf(variant, byRole);
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
    const prepare = async (): Promise<void> => {
      if (rounding && graph && family) await rounding.round(graph, family.content);
    };
    let halves: ExaminedHalves | null = null;
    let int8: RoundedContent | null = null;
    const examine = async (fresh: string): Promise<Pick<BundleContents, 'int8'>> => {
      if (rounding && family) {
        int8 = await rounding.judge(join(fresh, GRAPH_FILE), family);
        return { int8: int8Facts(int8) };
      }
      if (precision !== 'fp16' || errorClips === 0) return {};
      const again = buildGraphs(variant, byRole, precision);
      const graphs = again.graph ? { [GRAPH_FILE]: again.graph } : again.parts;
      halves = await examineHalves({ fresh, directory, graphs, clips: errorClips });
      return {};
    };
    const files = { graph, forms, parts: written };
    const bundle = await writeBundle(directory, facts, files, { largestModelBytes, mayReplaceOther, prepare, examine });
    return { ...bundle, halves, int8, roles: open.map((each) => describe(each, meter.seconds(each.role))) };
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

/**
 * What brings the content network to int8; null in other precisions.
 * @throws JobError `invalid_request` for options that do not go together, and for too few clips.
 */
function roundingOf({ precision, int8, parts, checkpoints, directory, signal }: ImportOptions): ContentRounding | null {
  if (precision !== 'int8') {
    if (!int8) return null;
    throw checkpointError(`clips for int8 were named, and the precision is ${precision ?? 'fp32'} (--precision int8)`);
  }
  if (!int8) throw checkpointError('int8 takes the ranges of its values from clips of yours (--int8-clips DIR|JOB…)');
  if (parts) throw checkpointError('single networks come in fp32 or fp16, and the bundle has one precision (--parts)');
  if (checkpoints.content === undefined) throw checkpointError('int8 is made of the content network (--content)');
  return new ContentRounding(int8, { directory, signal });
}
