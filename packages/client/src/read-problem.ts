import { JobError, ProblemSchema } from '@styleflow/contracts';

/** The JobError of a refused call; what is not problem+json (a proxy's page, a store's XML) becomes `internal` with its status. */
export async function readProblem(answer: Response): Promise<JobError> {
  const text = await answer.text().catch(() => '');
  const problem = ProblemSchema.safeParse(parseOrNull(text));
  if (!problem.success)
    return new JobError('internal', `status ${answer.status} without a reason: ${text.slice(0, 200)}`);
  const { code, detail, errors = [] } = problem.data;
  const places = errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return new JobError(code, places === '' || detail.includes(places) ? detail : `${detail} (${places})`);
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
