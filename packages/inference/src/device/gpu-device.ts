import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { JobError } from '@styleflow/contracts';

const run = promisify(execFile);

/** A card as `nvidia-smi` lists it. */
export interface GpuDevice {
  readonly index: number;
  /** `GPU-…`. It does not depend on the order in which cards are counted. */
  readonly uuid: string;
  readonly name: string;
  readonly memoryBytes: number;
  readonly memoryUsedBytes: number;
  /** 0 to 1; null where the card does not report it. */
  readonly utilization: number | null;
}

export interface WantedGpu {
  /** Index as nvidia-smi counts, or UUID. Without it the first card is taken. */
  readonly device?: string;
  /** Text that the card's name must contain, so that a worker sized for one card never starts on another. */
  readonly name: string;
}

const QUERY = 'index,uuid,name,memory.total,memory.used,utilization.gpu';
const MIB = 1024 * 1024;

/**
 * Finds the one card that this worker serves.
 * @throws JobError `internal`, not retryable: no driver, no such card, or a card of another name.
 */
export async function findGpu(wanted: WantedGpu): Promise<GpuDevice> {
  const devices = await listGpus();
  const list = devices.map(({ index, name, uuid }) => `${index} ${name} (${uuid})`).join(', ') || 'none';
  const found =
    wanted.device === undefined
      ? devices[0]
      : devices.find(({ index, uuid }) => String(index) === wanted.device || uuid === wanted.device);
  if (!found) {
    const which = wanted.device === undefined ? 'no GPU is here' : `STYLEFLOW_GPU_DEVICE ${wanted.device} is not here`;
    throw stop(`${which}; cards: ${list}`);
  }
  if (!found.name.includes(wanted.name)) {
    throw stop(
      `GPU ${found.index} is a ${found.name}, but STYLEFLOW_GPU_NAME wants "${wanted.name}"; ` +
        `set STYLEFLOW_GPU_NAME to serve on it; cards: ${list}`,
    );
  }
  return found;
}

/**
 * Environment variables that leave one card visible, in whatever order CUDA counts. CUDA reads them when it is loaded,
 * so they must be set before the first session. The card is then device 0.
 */
export function pinEnvironment({ uuid }: GpuDevice): Record<string, string> {
  return { CUDA_VISIBLE_DEVICES: uuid };
}

/** All cards of the machine, as the driver lists them. */
export async function listGpus(): Promise<GpuDevice[]> {
  try {
    const { stdout } = await run('nvidia-smi', [`--query-gpu=${QUERY}`, '--format=csv,noheader,nounits'], {
      timeout: 20_000,
    });
    return parseGpuList(stdout);
  } catch (error) {
    if (error instanceof JobError) throw error;
    throw stop(
      'nvidia-smi could not be run: is the NVIDIA driver installed and the card passed to this process?',
      error,
    );
  }
}

/** Reads nvidia-smi's CSV: one card a line, values in QUERY's order, memory in MiB, utilisation in percent. */
export function parseGpuList(csv: string): GpuDevice[] {
  const lines = csv.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const [index = '', uuid = '', name = '', total = '', used = '', busy = ''] = line
      .split(',')
      .map((word) => word.trim());
    if (!/^\d+$/.test(index) || uuid === '' || !/^\d+$/.test(total)) {
      throw stop(`nvidia-smi answered what is no list of cards: ${line.slice(0, 200)}`);
    }
    return {
      index: Number(index),
      uuid,
      name,
      memoryBytes: Number(total) * MIB,
      memoryUsedBytes: /^\d+$/.test(used) ? Number(used) * MIB : 0,
      // Cards that are split or virtual answer `[N/A]`.
      utilization: /^\d+$/.test(busy) ? Number(busy) / 100 : null,
    };
  });
}

function stop(message: string, cause?: unknown): JobError {
  return new JobError('internal', message, { retryable: false, cause });
}
