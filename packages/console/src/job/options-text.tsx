import type { Job } from '@styleflow/client/browser';
import { useTranslations } from 'use-intl';

const WINDOW_FRAMES = 32;
/** Of who says nothing of urgency. */
const USUAL_PRIORITY = 5;

/** What a job was asked to do, in the words by which it is chosen. */
export function OptionsText({ job: { options, source } }: { readonly job: Job }) {
  const t = useTranslations('options');
  const { faces, detection, stability = false, keepCrops, keepSource, combine, priority } = options;
  const { preview = source.type === 'upload' } = options;
  const said = [
    useScope(options),
    t(faces),
    detection === 'dense' ? t('dense') : null,
    stability ? t('stability') : null,
    keepCrops ? t('keepCrops') : null,
    preview ? t('keepPreviewOfThis') : null,
    keepSource ? t('keepSource') : null,
    combine === undefined ? null : `${t('combine')}: ${t(`combine_${combine}`)}`,
    priority === USUAL_PRIORITY ? null : `${t('priority')}: ${priority}`,
  ].filter((each) => each !== null);
  return <>{said.join(' · ')}</>;
}

function useScope({ maxFrames, sampling }: Pick<Job['options'], 'maxFrames' | 'sampling'>): string {
  const t = useTranslations('options');
  if (maxFrames === 0) return t('whole');
  if (sampling === 'head') return t('startOf', { frames: maxFrames });
  return t('spreadOf', { windows: Math.max(1, Math.floor(maxFrames / WINDOW_FRAMES)) });
}
