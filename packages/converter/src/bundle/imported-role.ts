import {
  type Checkpoint,
  type CheckpointFormat,
  type CheckpointRole,
  countParameters,
  type RoleTensors,
} from '@styleflow/checkpoints';
import { HALVING_UNITS, STYLE_LAYERS } from '../networks/psp.js';
import { HEAD_WIDTH } from '../networks/time-transformer.js';

/** What the import took from one checkpoint. */
export interface ImportedRole {
  readonly role: CheckpointRole;
  readonly file: string;
  readonly format: CheckpointFormat;
  readonly bytes: number;
  /** The keys of the file under which the tensors lay, outermost first. */
  readonly wrapping: readonly string[];
  /** The text in the file before the network's own names. */
  readonly prefix: string;
  readonly tensorsUsed: number;
  /** Tensors of the file that no graph reads (a decoder, training state). */
  readonly tensorsUnused: readonly string[];
  /** Trained numbers in the tensors used. The running statistics of norms do not count. */
  readonly parameters: number;
  /** The widths that the shapes tell, named by the letters of the papers where they have one. */
  readonly widths: Readonly<Record<string, number>>;
  /** Seconds spent on this file: digest, reading, decoding. The rest of the import's time went into writing. */
  readonly seconds: number;
}

/**
 * The widths of one role's network. Content: stem channels, token width C, attention heads, feed-forward width.
 * StyleGRU: style width S, hidden width H, inner width of its residual block. pSp: style width S, channels of the four
 * groups.
 */
export function widthsOf(role: CheckpointRole, tensors: RoleTensors): Record<string, number> {
  const rows = (name: string, rank: number): number => tensors.shape(name, new Array(rank).fill('*'))[0] ?? 0;
  switch (role) {
    case 'content': {
      const layer = 'head.time_T.transformer.layers.0';
      const [, , tokens = 0] = tensors.shape('head.time_T.cls_token', [1, 1, '*']);
      return {
        stem: rows('s1.pathway0_stem.conv.weight', 5),
        C: tokens,
        heads: rows(`${layer}.0.fn.fn.to_qkv.weight`, 2) / (3 * HEAD_WIDTH),
        feedForward: rows(`${layer}.1.fn.fn.net.0.weight`, 2),
      };
    }
    case 'style-gru': {
      const [gates = 0, flow = 0] = tensors.shape('gru.weight_ih_l0', ['*', '*']);
      return { S: flow / STYLE_LAYERS, H: gates / 3, inner: rows('dense.1.fn.net.0.weight', 2) };
    }
    case 'psp': {
      const groups = HALVING_UNITS.map((unit) => rows(`body.${unit}.res_layer.1.weight`, 4));
      return {
        S: rows('styles.0.linear.weight', 2),
        ...Object.fromEntries(groups.map((channels, index) => [`group${index + 1}`, channels])),
      };
    }
  }
}

/** Which tensors of a checkpoint were used, and how many trained numbers they hold. */
export function usageOf(
  checkpoint: Checkpoint,
  tensors: RoleTensors,
): Pick<ImportedRole, 'tensorsUsed' | 'tensorsUnused' | 'parameters'> {
  const used = new Set(tensors.used());
  const parameters = countParameters([...used].map((name) => [name, checkpoint.shape(name) ?? []]));
  return { tensorsUsed: used.size, tensorsUnused: checkpoint.names().filter((name) => !used.has(name)), parameters };
}
