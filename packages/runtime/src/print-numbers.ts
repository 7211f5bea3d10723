/** Seconds for people: `0:03.7`, `12:05.0`, `1:02:03.5`. */
export function printTime(seconds: number): string {
  const tenths = Math.max(0, Math.round(seconds * 10));
  const whole = Math.floor(tenths / 10);
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(whole % 60)}.${tenths % 10}`;
}

/** Decimals, two to six, at which two values that differ are printed differently: 0.3996 and 0.4 take four. */
export function digitsApart(one: number, other: number): number {
  let digits = 2;
  while (digits < 6 && one !== other && one.toFixed(digits) === other.toFixed(digits)) digits += 1;
  return digits;
}

/** `1 clip`, `3 clips`, `1,204 clips`. */
export function printCount(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
