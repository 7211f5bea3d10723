import type { IncomingHttpHeaders } from 'node:http';

/** The three forms of a date in HTTP (RFC 9110, 5.6.7); the third one names no zone and means GMT. */
const DATES = [
  /^[a-z]{3}, \d{2} [a-z]{3} \d{4} \d{2}:\d{2}:\d{2} gmt$/i,
  /^[a-z]{6,9}, \d{2}-[a-z]{3}-\d{2} \d{2}:\d{2}:\d{2} gmt$/i,
  /^[a-z]{3} [a-z]{3} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/i,
];

/** Ms since the epoch; NaN for what is no date of HTTP. */
export function parseHttpDate(text: string): number {
  const form = DATES.findIndex((pattern) => pattern.test(text));
  return form === -1 ? Number.NaN : Date.parse(form === 2 ? `${text} GMT` : text);
}

/**
 * How long an answer asks to wait (`Retry-After`, RFC 9110, 10.2.3), in ms; undefined when it does not, or in no form that is known.
 * A date is taken by the clock of who sent it, where that is told.
 */
export function retryAfterMs(headers: IncomingHttpHeaders, now: number = Date.now()): number | undefined {
  const text = headers['retry-after']?.trim();
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const at = parseHttpDate(text);
  if (Number.isNaN(at)) return undefined;
  const sentAt = parseHttpDate(headers.date ?? '');
  return Math.max(0, at - (Number.isNaN(sentAt) ? now : sentAt));
}
