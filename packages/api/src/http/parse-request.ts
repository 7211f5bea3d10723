import { JobError } from '@styleflow/contracts';
import type { z } from 'zod';

/** One fault of a request: a dotted path into the body or query (empty: the whole), and a sentence. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** An `invalid_request` that names its fields. */
export function invalidRequest(message: string, errors: readonly FieldError[] = []): JobError {
  return new JobError('invalid_request', message, { details: { errors } });
}

/** @throws JobError `invalid_request` that names every wrong or unknown field of `where` (`body`, `query`, …). */
export function parseRequest<S extends z.ZodType>(schema: S, value: unknown, where: string): z.infer<S> {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap(fieldErrors);
  const listed = errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  throw invalidRequest(`The ${where} is not valid: ${listed}.`, errors);
}

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key].map(String).join('.'), message: 'unknown field' }));
  }
  if (issue.code === 'invalid_type' && issue.input === undefined) {
    return [{ path: issue.path.map(String).join('.'), message: `missing (expected: ${issue.expected})` }];
  }
  return [{ path: issue.path.map(String).join('.'), message: issue.message }];
}
