import { type Combine, CombineSchema, type DetectionMode } from '@styleflow/contracts';
import { type Command, Option } from 'commander';
import { parseMaxFrames, parsePriority } from './parse-arguments.js';

/** The values of the flags below. A missing one gets its default from the API. */
export interface JobFlags {
  readonly maxFrames?: number;
  readonly sampling?: 'head' | 'spread';
  readonly faces?: 'all' | 'primary';
  readonly detection?: DetectionMode;
  readonly priority?: number;
  readonly keepCrops?: true;
  readonly preview?: boolean;
  readonly keepSource?: true;
  readonly stability?: true;
}

export function addJobFlags(command: Command): Command {
  return command
    .option('--max-frames <n>', 'frames to look at; 0 = the whole video (default 110)', parseMaxFrames)
    .addOption(
      new Option('--sampling <how>', 'the first frames, or windows over the whole duration').choices([
        'head',
        'spread',
      ]),
    )
    .addOption(new Option('--faces <which>', 'all faces, or the one with most screen time').choices(['all', 'primary']))
    .addOption(
      new Option('--detection <how>', 'look for faces in every frame, or where something happens (default)').choices([
        'adaptive',
        'dense',
      ]),
    )
    .option('--priority <n>', '0 to 9, 9 first (default 5)', parsePriority)
    .option('--keep-crops', 'keep the lossless crops after scoring')
    .option('--preview', 'keep a small video of what was looked at (default for uploads)')
    .option('--no-preview', 'keep none')
    .option('--keep-source', 'keep the video itself after a success');
}

/** The job options that were given. The others are left out, so that the API decides them. */
export function jobOptionsOf(flags: JobFlags): Record<string, unknown> {
  const { maxFrames, sampling, faces, detection, priority, keepCrops, preview, keepSource, stability } = flags;
  const said = Object.entries({
    maxFrames,
    sampling,
    faces,
    detection,
    priority,
    keepCrops,
    preview,
    keepSource,
    stability,
  }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said);
}

/** Of the commands whose result is a verdict. */
export function stabilityOption(): Option {
  return new Option(
    '--stability',
    'score the clips after two mild re-encodings as well; a verdict that changes is none (scoring costs three times as much)',
  );
}

/** Ids with commas or blanks between them. */
export function parseIds(text: string): string[] {
  return text.split(/[\s,]+/).filter((id) => id !== '');
}

export function combineOption(): Option {
  return new Option('--combine <rule>', 'how the opinions of --bundles become one verdict').choices(
    CombineSchema.options,
  );
}

/** Which bundles judge, as far as it was said. */
export function bundleOptionsOf(flags: {
  readonly bundle?: string;
  readonly bundles?: readonly string[];
  readonly combine?: Combine;
}): Record<string, unknown> {
  const { bundle, bundles, combine } = flags;
  return Object.fromEntries(Object.entries({ bundle, bundles, combine }).filter(([, value]) => value !== undefined));
}
