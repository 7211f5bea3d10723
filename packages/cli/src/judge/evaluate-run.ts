import { randomBytes } from 'node:crypto';
import { CLIP_FRAMES, ERROR_TABLE, JobError } from '@styleflow/contracts';
import { departuresOf, digestList, PROTOCOLS, type ProtocolName, type Run, refuseProtocol } from '@styleflow/judging';
import { printable } from '@styleflow/runtime';
import type { LabelledInput } from './labelled-input.js';
import { RunFolder, tellChanges } from './run-folder.js';
import type { PendingVideo } from './score-videos.js';

export interface RunRequest {
  readonly input: string;
  readonly out: string;
  readonly protocol: ProtocolName;
  readonly isAdapted: boolean;
  /** Options that were asked for; the protocol gives the others, and fixes some. */
  readonly options: Partial<Run['options']>;
  readonly seed: number;
  /** The id of the bundle that was asked for; without one any that is served may go on with a run that it has begun. */
  readonly bundle?: () => Promise<string>;
}

/** The options of a run's jobs. @throws JobError for one that the protocol fixes otherwise */
export function optionsOf({ protocol: name, options }: Pick<RunRequest, 'protocol' | 'options'>): Run['options'] {
  const protocol = PROTOCOLS[name];
  for (const fact of protocol.fixed) {
    const asked = options[fact];
    if (asked === undefined || asked === protocol.options[fact]) continue;
    throw new JobError(
      'invalid_request',
      `the protocol ${name} has ${fact} ${protocol.options[fact]}, and not ${asked}`,
    );
  }
  return {
    ...protocol.options,
    ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
  };
}

/**
 * The folder of the run: a new one, or the one that was begun there with the same videos, protocol and options.
 * @throws JobError `invalid_request` for a protocol that cannot be followed; `conflict` saying what is not the same
 */
export async function openRun(request: RunRequest, { videos, notes }: LabelledInput): Promise<RunFolder> {
  const { input, out, protocol, isAdapted, seed, bundle } = request;
  const refusal = isAdapted ? null : refuseProtocol(PROTOCOLS[protocol], CLIP_FRAMES);
  if (refusal !== null) throw new JobError('invalid_request', refusal);
  const options = optionsOf(request);
  const begun = await RunFolder.find(out);
  if (begun !== null) {
    const changes = tellChanges(begun.videos, videos);
    if (changes !== null) throw otherRun(out, `since it was begun its videos were edited: ${changes}`);
    if (begun.run.protocol !== protocol) throw otherRun(out, `it follows the protocol ${begun.run.protocol}`);
    if (JSON.stringify(begun.run.options) !== JSON.stringify(options)) throw otherRun(out, 'it has other options');
    const { served } = begun.run;
    if (served !== null && bundle !== undefined) {
      const wanted = await bundle();
      if (wanted !== served.bundle) throw otherRun(out, `it was scored by ${served.bundle}, and not by ${wanted}`);
    }
    await begun.dropBrokenLine();
    // Nothing that is stored depends on it.
    if (begun.run.seed !== seed) await begun.save({ ...begun.run, seed });
    return begun;
  }
  const fakes = videos.filter(({ isFake }) => isFake).length;
  const run: Run = {
    ...{ v: 1, id: `run_${randomBytes(8).toString('hex')}`, createdAt: new Date().toISOString(), finishedAt: null },
    ...{ protocol, departures: departuresOf(PROTOCOLS[protocol], CLIP_FRAMES), options, seed },
    data: {
      ...{ input, digest: digestList(videos), videos: videos.length, fakes, reals: videos.length - fakes },
      notes: [...notes],
    },
    served: null,
  };
  return RunFolder.create(out, run, videos);
}

/** The videos that have not ended yet, or failed through no fault of theirs. */
export function pendingOf({ videos, outcomes }: RunFolder): PendingVideo[] {
  const ended = new Set(
    outcomes
      .filter(({ perturbation }) => perturbation === undefined)
      .filter(({ status, errorCode }) => status === 'succeeded' || (errorCode !== null && isOwnFault(errorCode)))
      .map(({ id }) => id),
  );
  return videos
    .filter(({ id }) => !ended.has(id))
    .map(({ id, source, isFake }) => ({ id, source, keepsStyle: !isFake }));
}

function isOwnFault(code: keyof typeof ERROR_TABLE): boolean {
  const { fault } = ERROR_TABLE[code];
  return fault === 'input' || (fault === 'caller' && code !== 'canceled');
}

function otherRun(out: string, why: string): JobError {
  return new JobError(
    'conflict',
    `${printable(out)} holds a run that this one cannot go on with: ${why}. Choose another folder with --out`,
  );
}
