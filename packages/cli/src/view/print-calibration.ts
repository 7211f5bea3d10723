import type { RunCalibration } from '@styleflow/judging';

export interface CalibratedBundle extends RunCalibration {
  readonly id: string;
  readonly from: string;
  readonly directory: string;
}

/** What a calibration made, for people: the bundle, its thresholds, what they do on the run, what was compared. */
export function printCalibration(made: CalibratedBundle): string[] {
  const {
    id,
    from,
    directory,
    method,
    losses,
    threshold,
    thresholds,
    confusion: c,
    answered,
    words,
    notes,
    styleBand,
  } = made;
  const percent = (part: number, whole: number): string =>
    whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;
  const rule =
    thresholds === null
      ? `fake from ${threshold.toFixed(4)} on`
      : `fake from ${thresholds.fake.toFixed(4)} on, real below ${thresholds.real.toFixed(4)}, no answer between them`;
  return [
    `bundle:    ${id} in ${directory}, the weights of ${from}`,
    `threshold: ${rule} (${words})`,
    `on the run: ${percent(c.realsCalledFake, made.reals)} of ${made.reals} real videos called fake, ${percent(c.fakesCalledFake, made.fakes)} of ${made.fakes} fakes caught, ${answered === null ? '–' : percent(answered, 1)} answered`,
    `compared:  ${losses.map(({ method: name, loss }) => `${name} ${loss === null ? '–' : loss.toFixed(4)}`).join(', ')} (mean cross entropy of held-out videos; lower is better); ${method} taken`,
    ...(styleBand === null
      ? []
      : [`style:     band of the style flow from ${styleBand.clips} clips of ${styleBand.videos} real videos`]),
    ...notes.map((note) => `note:      ${note}`),
    `serve it:  STYLEFLOW_BUNDLE=${directory}`,
  ];
}
