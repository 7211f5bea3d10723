const DAY: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' };

/** Formats of a language, made once: each takes longer than a page's text otherwise does. */
export function formatsOf(locale: string): {
  /** @param digits behind the sign; default: up to three. */
  readonly number: (value: number, digits?: number) => string;
  readonly dayFormat: Intl.DateTimeFormat;
} {
  const plain = new Intl.NumberFormat(locale);
  const exact = new Map<number, Intl.NumberFormat>();
  const withDigits = (digits: number): Intl.NumberFormat => {
    const format =
      exact.get(digits) ??
      new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    exact.set(digits, format);
    return format;
  };
  return {
    number: (value, digits) => (digits === undefined ? plain : withDigits(digits)).format(value),
    dayFormat: new Intl.DateTimeFormat(locale, DAY),
  };
}
