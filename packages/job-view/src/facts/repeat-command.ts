import type { ViewedJob, ViewedResult } from './viewed-job.js';

/**
 * What to type to get the same result: the file's digest first, then the analysis with the same bundle and options. Nothing of it comes
 * from outside but numbers, digests and words of closed lists, so that nobody is led to paste something else.
 */
export function repeatCommand({ options }: Pick<ViewedJob, 'options'>, result: ViewedResult, video: string): string {
  const flags = [
    ...(options.maxFrames === 110 ? [] : [`--max-frames ${options.maxFrames}`]),
    ...(options.sampling === 'head' ? [] : [`--sampling ${options.sampling}`]),
    ...(options.faces === 'all' ? [] : [`--faces ${options.faces}`]),
    ...(options.detection === 'adaptive' ? [] : [`--detection ${options.detection}`]),
    ...(options.stability === true ? ['--stability'] : []),
  ];
  return [
    `sha256sum ${video}    # ${result.video.sha256}`,
    ...(result.opinions?.map(({ model }) => model) ?? [result.model]).map(
      ({ digest }) => `npx styleflow models verify BUNDLE_DIR    # ${digest}`,
    ),
    ['npx styleflow analyze', video, '--bundle BUNDLE_DIR', ...flags, '--json'].join(' '),
  ].join('\n');
}
