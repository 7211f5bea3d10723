import { isStyleFlowError, type Result, type StyleFlowClient } from '@styleflow/client';
import { type StyleMeans, styleMeans } from '@styleflow/contracts';
import { repeatCall } from '../batch/repeat-call.js';

/** Clips of a video that are looked at: those of a result that holds their style flow, and no more of a longer one. */
const CLIPS_MAX = 16;

/**
 * The style flow of a job's clips by groups of layers; of a long video of some of them, spread evenly. Clips whose numbers have
 * been deleted since are left out.
 * @returns undefined of bundles without a style branch
 */
export async function readStyleMeans(
  client: Pick<StyleFlowClient, 'clipDetails'>,
  job: string,
  { model, faces }: Result,
  signal: AbortSignal,
): Promise<StyleMeans[] | undefined> {
  if (model.variant !== 'style-content') return undefined;
  const scored = faces.flatMap(({ track, clips }) =>
    clips.filter(({ logit }) => logit !== null).map((clip) => ({ track, clip })),
  );
  const means: StyleMeans[] = [];
  for (const { track, clip } of spread(scored, CLIPS_MAX)) {
    const flow = clip.styleFlow ?? (await fetchFlow(track, clip.index));
    if (flow !== undefined) means.push(styleMeans(flow));
  }
  return means;

  async function fetchFlow(track: number, clip: number): Promise<number[][] | undefined> {
    try {
      return (await repeatCall(() => client.clipDetails(job, track, clip), signal)).styleFlow;
    } catch (error) {
      if (isStyleFlowError(error, 'gone') || isStyleFlowError(error, 'not_found')) return undefined;
      throw error;
    }
  }
}

function spread<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, n) => all[Math.floor(((n + 0.5) * all.length) / most)] as T);
}
