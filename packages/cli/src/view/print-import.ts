import { type ImportedBundle, LARGEST_HALF } from '@styleflow/converter';
import { sizeText, tableLines } from './table.js';

const NAMES_SHOWN = 3;
/**
 * A counter of training steps, which every batch norm has. Inference does not need it, so it is not listed as left out.
 */
const TRAINING_COUNTER = /(^|\.)num_batches_tracked$/;

/**
 * Tells people, line by line, what an import has made of which checkpoints. `files`: bytes of each written file by
 * name.
 */
export function printImport(
  { id, replaced, manifest, roles, halves, int8 }: ImportedBundle,
  { directory, files, seconds }: { directory: string; files: Readonly<Record<string, number>>; seconds: number },
): string[] {
  const rows = roles.map((each) => [
    each.role,
    each.file,
    sizeText(each.bytes),
    each.tensorsUsed,
    each.tensorsUnused.length,
    each.parameters,
    Number(each.seconds.toFixed(1)),
    Object.entries(each.widths)
      .map(([name, width]) => `${name} ${width}`)
      .join(', '),
  ]);
  const unused = roles.flatMap(({ file, tensorsUnused }) => {
    const telling = tensorsUnused.filter((name) => !TRAINING_COUNTER.test(name));
    if (telling.length === 0) return [];
    const more = telling.length > NAMES_SHOWN ? `, and ${telling.length - NAMES_SHOWN} more` : '';
    return `unused of ${file}: ${telling.slice(0, NAMES_SHOWN).join(', ')}${more}`.replace(/\p{Cc}/gu, '?');
  });
  const written = Object.entries(files).map(([name, bytes]) => [name, sizeText(bytes)]);
  const isServed = manifest.graph !== undefined;
  return [
    `${id} in ${directory} (${seconds.toFixed(1)} s)`,
    ...replacedLines(replaced),
    ...tableLines(['role', 'file', 'size', 'tensors', 'unused', 'parameters', 'seconds', 'widths'], rows).map(indent),
    ...unused.map(indent),
    ...tableLines(['written', 'size'], written).map(indent),
    ...(manifest.precision === 'fp16' ? describeHalves(halves) : []).map(indent),
    ...(int8 ? describeInt8(int8) : []).map(indent),
    ...(isServed
      ? [
          `  a clip takes about ${sizeText(manifest.bytesPerClip)} of the device beside the weights`,
          `serve it: STYLEFLOW_BUNDLE=${directory}`,
        ]
      : ['parts only: no worker serves them']),
  ];
}

/** Lines that say what an import has replaced. */
export function replacedLines(replaced: string | null): string[] {
  return replaced === null ? [] : [`  in place of ${replaced}`];
}

type Halves = NonNullable<ImportedBundle['halves']>;

/**
 * Values above this are reported: videos other than the built-in clips may then exceed what half precision can hold.
 */
const NEAR_THE_END = LARGEST_HALF / 4;

function describeHalves(halves: Halves | null): string[] {
  if (!halves)
    return ['fp16: neither compared with fp32 nor looked at whether halves hold its values (--error-clips 0)'];
  const peaks = halves.peaks.map(({ network, layer, value }) => `${sayValue(value)} (${network}: ${layer})`);
  const near = halves.peaks.filter(({ value }) => value > NEAR_THE_END);
  return [
    ...(halves.rounding ? [describeRounding(halves.rounding)] : []),
    ...(peaks.length > 0 ? [`largest value in halves: ${peaks.join(', ')}; they end at ${LARGEST_HALF}`] : []),
    ...near.map(
      ({ network, value }) =>
        `note: ${network} comes within a factor of ${(LARGEST_HALF / value).toFixed(1)} of that: a video may go beyond, and its ` +
        'clips would fail; fp32 is safe',
    ),
  ];
}

function describeRounding({ clips, logit, score }: NonNullable<Halves['rounding']>): string {
  const on = clips === 1 ? 'one built-in clip' : `${clips} built-in clips`;
  return `fp16: on ${on} scores differ from fp32 by ${score.toExponential(1)} at most, logits by ${logit.toExponential(1)} (rounded weights alone: the CPU computes in float32; a card rounds values too)`;
}

function describeInt8({ weightBits, rangeClips, movement }: NonNullable<ImportedBundle['int8']>): string[] {
  const { clips, logit, score } = movement;
  const of = clips === 1 ? 'one held-out clip' : `${clips} held-out clips`;
  return [
    `int8: ranges from ${rangeClips} clips, weights of ${weightBits} bits${weightBits === 8 ? ' (VNNI alone)' : ''}; on ${of} logits move by ` +
      `${logit.largest.toFixed(3)} at most, ${logit.mean.toFixed(3)} on average, scores by ${score.toFixed(4)} at most`,
  ];
}

function sayValue(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

const indent = (line: string): string => `  ${line}`;
