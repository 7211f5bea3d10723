import { simulateBound, simulateCoverage } from '@styleflow/judging';

/**
 * Whether intervals and bounds keep what they promise, on made scores whose truth is known: 1,000 simulations of bootstrap intervals of
 * AUC, and 200 of a calibration with a bound on the false-positive rate, of which the true rate of new videos is computed.
 */
export async function benchJudging(say: (line: string) => void): Promise<Record<string, unknown>> {
  const coverage = [60, 120, 400].map((videos) => {
    const share = simulateCoverage({ simulations: 1_000, videos, samples: 1_000, seed: 7 });
    say(`${videos} videos: ${(share * 100).toFixed(1)} % of the 95 % intervals hold the true AUC`);
    return { videos, coveredPercent: share * 100 };
  });
  const bounds = [0.05, 0.1].map((rate) => {
    const { heldShare, meanFpr, answeredShare } = simulateBound({ simulations: 200, videos: 1_000, rate, seed: 3 });
    say(
      `bound ${rate}: held in ${(heldShare * 100).toFixed(1)} % of 200, ${(answeredShare * 100).toFixed(0)} % answered`,
    );
    return {
      boundPercent: rate * 100,
      heldPercent: heldShare * 100,
      meanFprPercent: meanFpr * 100,
      answeredPercent: answeredShare * 100,
    };
  });
  return { coverage, bounds };
}
