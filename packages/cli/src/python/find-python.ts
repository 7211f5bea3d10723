import { execFile } from 'node:child_process';
import { access, constants, realpath } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { JobError } from '@styleflow/contracts';
import { z } from 'zod';

const run = promisify(execFile);

/** PyTorch takes that long to load from a cold disk. */
const PATIENCE_MS = 120_000;
const OLDEST: readonly [number, number] = [3, 10];

/** What a Python says of itself; a module that it lacks is null. */
const PythonFactsSchema = z.object({
  version: z.tuple([z.int(), z.int(), z.int()]),
  torch: z.string().nullable(),
  numpy: z.string().nullable(),
  cards: z.int(),
});

const ASK = `
import json, sys
def of(name):
    try:
        return __import__(name)
    except Exception:
        return None
torch = of('torch') if 'torch' in sys.argv[1:] else None
numpy = of('numpy')
print(json.dumps({'version': list(sys.version_info[:3]), 'torch': torch and str(torch.__version__), 'numpy': numpy and str(numpy.__version__), 'cards': torch.cuda.device_count() if torch else 0}))
`;

export interface FoundPython {
  readonly path: string;
  /** For people: version, PyTorch's, cards. */
  readonly words: string;
  readonly cards: number;
}

export interface PythonWish {
  /** The one that was named: no other is tried. */
  readonly named: string | undefined;
  /** Folders of programs, as in PATH. */
  readonly path: string;
  /** Whether PyTorch is needed beside numpy. */
  readonly needsTorch: boolean;
}

/**
 * The first Python that can do the work: the one that was named, else each python3 along PATH.
 * @throws JobError `invalid_request` that says of each why not, and what to do
 */
export async function findPython({ named, path, needsTorch }: PythonWish): Promise<FoundPython> {
  const tried: string[] = [];
  for (const candidate of named === undefined ? await pythonsOf(path) : [named]) {
    const answer = await ask(candidate, needsTorch);
    if (typeof answer !== 'string') return answer;
    tried.push(`${candidate}: ${answer}`);
  }
  const what = needsTorch ? 'PyTorch 1.13 or newer and numpy' : 'numpy';
  throw new JobError(
    'invalid_request',
    [
      `no Python 3.10 or newer with ${what} ${named === undefined ? 'was found' : 'is there'}:`,
      ...(tried.length > 0 ? tried : ['there is no python3 in PATH']),
      `install them (Debian: apt-get install ${needsTorch ? 'python3-torch ' : ''}python3-numpy; or pip install ${needsTorch ? 'torch ' : ''}numpy in a virtual environment) and name it with --python or STYLEFLOW_PYTHON`,
    ].join('\n'),
  );
}

/** Each python3 along PATH, once. */
async function pythonsOf(path: string): Promise<string[]> {
  const found = new Map<string, string>();
  for (const folder of path.split(delimiter).filter((each) => each !== '')) {
    for (const name of ['python3', 'python']) {
      const file = join(folder, name);
      const isProgram = await access(file, constants.X_OK).then(
        () => true,
        () => false,
      );
      // A virtual environment's link leads to the system's Python and finds other packages.
      if (isProgram)
        found.set(`${await realpath(file)} ${folder}`, found.get(`${await realpath(file)} ${folder}`) ?? file);
    }
  }
  return [...found.values()];
}

async function ask(python: string, needsTorch: boolean): Promise<FoundPython | string> {
  let text: string;
  try {
    ({ stdout: text } = await run(python, ['-c', ASK, ...(needsTorch ? ['torch'] : [])], { timeout: PATIENCE_MS }));
  } catch (error) {
    const { code } = error as { code?: unknown };
    return code === 'ENOENT' || code === 'EACCES' ? 'there is no such program' : 'does not run as a Python 3';
  }
  const facts = PythonFactsSchema.safeParse(parseJson(text.trim().split('\n').at(-1) ?? ''));
  if (!facts.success) return 'answers with something else';
  const { version, torch, numpy, cards } = facts.data;
  const [major, minor] = version;
  const words = `Python ${version.join('.')}`;
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) return `${words} is too old`;
  if (numpy === null) return `${words} has no numpy`;
  if (!needsTorch) return { path: python, words: `${words}, numpy ${numpy}`, cards: 0 };
  if (torch === null) return `${words} has no PyTorch`;
  const [torchMajor = 0, torchMinor = 0] = torch.split('.').map(Number);
  if (torchMajor < 1 || (torchMajor === 1 && torchMinor < 13)) return `${words} has PyTorch ${torch}, which is too old`;
  return { path: python, words: `${words}, PyTorch ${torch}, ${cards === 0 ? 'no card' : `${cards} cards`}`, cards };
}

/** Undefined for what is no JSON: a wrapper may print anything. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
