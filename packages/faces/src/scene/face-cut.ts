import { type FaceLook, likeness, likenessOfHalf, meanStep, SAME_HALF } from './face-look.js';

/**
 * Another face is there at once when its look differs from the one before by this (0..255), by so many times what looks
 * differed just before, and is no more alike than this. Who walks or turns has differed before, too (README "Scenes").
 */
const MIN_DIFFERENCE = 12;
const MIN_JUMP = 3;
const MAX_LIKENESS = 0.78;
/** Smallest difference that jumps are measured against: after a still picture any movement would be a large jump. */
const LEAST_USUAL = 2;

/** @param looks at one place, newest first; two at least. */
export function isFaceCut(looks: readonly FaceLook[]): boolean {
  const [last, before] = looks;
  if (!last || !before) return false;
  const steps = looks.slice(1).map((look, i) => meanStep(look, looks[i] as FaceLook));
  const [step = 0, ...earlier] = steps;
  if (step < MIN_DIFFERENCE || step < MIN_JUMP * Math.max(LEAST_USUAL, ...earlier)) return false;
  const alike = likeness(before, last);
  return alike !== null && alike <= MAX_LIKENESS && likenessOfHalf(before, last) < SAME_HALF;
}
