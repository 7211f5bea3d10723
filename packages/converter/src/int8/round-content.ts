import { mkdtemp, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { RoleTensors } from '@styleflow/checkpoints';
import type { Int8Facts } from '@styleflow/contracts';
import { checkpointError, leftoverPrefix } from '@styleflow/files';
import { hasVnni } from '@styleflow/inference';
import { computeInInt8, findInt8Layers, type OnnxGraph, type WeightBits } from '@styleflow/onnx';
import { type FamilyTensors, fusedGraph } from '../networks/fuse.js';
import { type Movement, measureMovement, refuseMovement } from './judge-movement.js';
import { measureRanges } from './measure-ranges.js';
import { logitsOf } from './run-clips.js';
import { type SharedOutClips, shareOutClips, type TrialClip } from './share-out-clips.js';

/** What an import in int8 needs beside checkpoints. */
export interface Int8Options {
  /** Clips of aligned faces like those that will be scored. */
  readonly clips: readonly TrialClip[];
  readonly weightBits: WeightBits;
}

export interface RoundedContent {
  readonly weightBits: WeightBits;
  readonly rangeClips: number;
  readonly movement: Movement;
}

/**
 * The stages behind the stem: they take nearly all of the time. The stem sees the picture itself, and what is rounded
 * there nothing makes good.
 */
const ROUNDED = /^content\/s[234]\./;
const isRounded = (weight: string): boolean => ROUNDED.test(weight);

/** Where temporary files lie: beside the bundle's place, so that the next import there removes what a kill leaves. */
interface Place {
  readonly directory: string;
  readonly signal?: AbortSignal | undefined;
}

/** Brings the content network of a graph to int8, and later tells what that did. */
export class ContentRounding {
  readonly #shares: SharedOutClips;
  readonly #weightBits: WeightBits;
  readonly #place: Place;

  /** @throws JobError `invalid_request` for too few clips. */
  constructor({ clips, weightBits }: Int8Options, place: Place) {
    this.#shares = shareOutClips(clips);
    this.#weightBits = weightBits;
    this.#place = place;
  }

  /** @throws JobError `invalid_request` when this processor could not run, and so not judge, what is wanted. */
  async refuseProcessor(): Promise<void> {
    if (this.#weightBits === 7 || (await hasVnni())) return;
    throw checkpointError(
      'this processor has no VNNI, so it cannot tell what 8-bit weights do (--int8-vnni): import on one that has, or leave the flag out',
    );
  }

  /**
   * Measures ranges with the content checkpoint alone, since nothing else is rounded, and rewrites the content network of
   * `graph`.
   */
  async round(graph: OnnxGraph, content: RoleTensors): Promise<void> {
    const rangeOf = await this.#inFolder(async (folder) => {
      const alone = fusedGraph({ content });
      const { layerOf } = findInt8Layers(alone, isRounded);
      const clips = this.#shares.ranges;
      return measureRanges({ graph: alone, layerOf, clips, folder, signal: this.#place.signal });
    });
    await computeInInt8(graph, { convolutions: isRounded, rangeOf, weightBits: this.#weightBits });
  }

  /**
   * Compares the graph at `path` with the same networks in float32, on the clips that were held out.
   * @throws JobError `invalid_request` when a logit moved too far.
   */
  async judge(path: string, family: FamilyTensors): Promise<RoundedContent> {
    const clips = this.#shares.heldOut;
    const { signal } = this.#place;
    const rounded = await logitsOf({ graph: path, clips, folder: '', signal });
    const exact = await this.#inFolder((folder) => logitsOf({ graph: fusedGraph(family), clips, folder, signal }));
    const names = clips.map(({ name }) => name);
    refuseMovement(exact, rounded, names);
    const movement = measureMovement(exact, rounded);
    return { weightBits: this.#weightBits, rangeClips: this.#shares.ranges.length, movement };
  }

  async #inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(leftoverPrefix(resolve(this.#place.directory)));
    try {
      return await work(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** What the manifest keeps of it. */
export function int8Facts({ weightBits, rangeClips, movement }: RoundedContent): Int8Facts {
  return { weightBits, rangeClips, heldOutClips: movement.clips, logitMovement: movement.logit };
}
