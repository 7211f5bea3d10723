import { open } from 'node:fs/promises';
import { checkpointError } from '@styleflow/files';
import { z } from 'zod';

/** A descriptor is a page of text; a larger file is something else. */
const LARGEST_BYTES = 2 ** 20;

/** Either one number for all colours, or one for each in the order of the descriptor's `colour`. */
export function perColour(schema: z.ZodNumber) {
  return z
    .union([schema, z.tuple([schema, schema, schema])], 'a number or three numbers')
    .transform((value): readonly number[] => (typeof value === 'number' ? [value, value, value] : value));
}

/** Names of the fields that are allowed at each place, for messages; `''` is the descriptor itself. */
export type AllowedFields = Readonly<Record<string, readonly string[]>>;

/** @throws JobError `invalid_request` that names each wrong field and what is allowed. */
export function parseDescriptor<T>(schema: z.ZodType<T>, allowed: AllowedFields, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const reasons = parsed.error.issues.map((issue) => describeIssue(issue, allowed));
  throw checkpointError(`the descriptor is not valid: ${reasons.join('; ')}`);
}

function describeIssue(issue: z.core.$ZodIssue, allowed: AllowedFields): string {
  const path = issue.path.join('.');
  const place = path === '' ? '' : `${path}: `;
  if (issue.code === 'unrecognized_keys') {
    return `${place}there is no field ${issue.keys.join(', ')}; allowed: ${allowed[path]?.join(', ') ?? ''}`;
  }
  // A union's own message says only that nothing fits. The reasons of its last form say more where that one nearly
  // fits.
  if (issue.code === 'invalid_union') {
    const inner = issue.errors.at(-1)?.filter(({ code, path: at }) => code === 'custom' || at.length > 0);
    if (inner && inner.length > 0) {
      return inner
        .map((reason) => describeIssue({ ...reason, path: [...issue.path, ...reason.path] }, allowed))
        .join('; ');
    }
  }
  return `${place}${issue.message}`;
}

/** Reads a descriptor's JSON file. @throws JobError `invalid_request` when it cannot be read or is no JSON. */
export async function readDescriptor(path: string): Promise<unknown> {
  const text = await readSmallText(path);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw checkpointError(`${path} is no JSON: ${error instanceof Error ? error.message : String(error)}`, error);
  }
}

async function readSmallText(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const facts = await file.stat();
      if (!facts.isFile()) throw new Error('it is not a file');
      if (facts.size > LARGEST_BYTES)
        throw new Error(`it has ${facts.size} bytes, a descriptor at most ${LARGEST_BYTES}`);
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw checkpointError(`the descriptor ${path} cannot be read: ${reason}`, error);
  }
}
