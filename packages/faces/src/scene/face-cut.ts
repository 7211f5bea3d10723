import { type FaceLook, likeness, likenessOfHalf, meanStep, SAME_HALF } from './face-look.js';

/**
 * Another face is there at once when its look differs from the one before by this (0..255), by so many times what looks
 * differed just before, and is no more alike than this. Who walks or turns has differed before, too (README "Scenes").
 */
const MIN_DIFFERENCE = 12;
const MIN_JUMP = 3;
const MAX_LIKENESS = 0.74;
/** Smallest difference that jumps are measured against: after a still picture any movement would be a large jump. */
const LEAST_USUAL = 2;

/**
 * @param lookAt the look at one place so many pictures ago; null where there is none.
 * @param pictures how many there are; two at least.
 */
export function isFaceCut(lookAt: (picturesAgo: number) => FaceLook | null, pictures: number): boolean {
  const [last, before] = [lookAt(0), lookAt(1)];
  if (!last || !before) return false;
  const step = meanStep(before, last);
  if (step < MIN_DIFFERENCE) return false;
  let newer = before;
  for (let ago = 2; ago < pictures; ago++) {
    const older = lookAt(ago);
    if (!older || step < MIN_JUMP * Math.max(LEAST_USUAL, meanStep(older, newer))) return false;
    newer = older;
  }
  const alike = likeness(before, last);
  return alike !== null && alike <= MAX_LIKENESS && likenessOfHalf(before, last) < SAME_HALF;
}
