import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { JobError } from '@styleflow/contracts';
import { givenCores } from '@styleflow/runtime/for-commands';
import { adminPort } from './admin-port.js';
import { LOGS, lockDataFolder } from './data-folder-lock.js';
import { isPortTaken } from './free-port.js';
import { LogFile } from './log-file.js';
import { type RedisServer, startRedisServer } from './redis-server.js';
import { secretKeyOf } from './secret-key.js';
import { SupervisedProcess } from './supervised-process.js';

export interface EmbeddedOptions {
  /** Holds Redis's append-only file, the object store, the logs and the key that seals credentials. */
  readonly dataFolder: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Folder of a bundle. Without it the untrained bundle is served. */
  readonly bundle?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly say: (sentence: string) => void;
  /** An abort ends the start: what runs by then is stopped, and the signal's reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** How long each process may drain at a stop. */
  readonly graceMs?: number;
}

export interface EmbeddedSystem {
  readonly apiUrl: string;
  readonly logFolder: string;
  /** Process ids by name, for tests that kill. */
  readonly pids: () => Readonly<Record<string, number | undefined>>;
  /** Drains and stops everything that was started. */
  stop(): Promise<void>;
}

/** The workers' own grace, in which they hand back what they are working on. */
const WORKER_GRACE_MS = 15_000;

/**
 * Starts the whole system on this machine: Redis, a file store, the API and one worker of each kind, as child
 * processes. All jobs that were accepted are kept in `dataFolder`, also through a crash or a power cut.
 * @throws JobError `conflict` when another system uses the folder or another program has the port. What had been
 * started is stopped again.
 */
export async function startEmbeddedSystem(options: EmbeddedOptions): Promise<EmbeddedSystem> {
  const { signal, graceMs = WORKER_GRACE_MS } = options;
  const folder = resolve(options.dataFolder);
  const lock = lockDataFolder(folder);
  const logFolder = join(folder, LOGS);
  const started: SupervisedProcess[] = [];
  const logs: LogFile[] = [];
  let redis: RedisServer | null = null;
  const stop = async (): Promise<void> => {
    // The API stops first, so that no new jobs come in; then both workers; Redis last.
    const [api, ...workers] = [...started].reverse();
    await api?.stop(graceMs);
    await Promise.all(workers.map((worker) => worker.stop(graceMs)));
    await redis?.stop();
    for (const log of logs) log.close();
    lock.release();
  };
  try {
    if (options.port !== 0 && (await isPortTaken(options.port))) {
      throw new JobError(
        'conflict',
        `port ${options.port} is in use by another program; choose another with --port, or 0 for any free one`,
      );
    }
    redis = await startRedisServer(join(folder, 'redis'), options.say);
    signal?.throwIfAborted();
    const names = {
      // The GPU worker needs the other half of the cores, since it has no card here.
      STYLEFLOW_PREPARE_CONCURRENCY: String(Math.max(1, Math.floor(givenCores() / 2))),
      ...options.env,
      STYLEFLOW_REDIS_URL: redis.url,
      STYLEFLOW_STORE: `file:${join(folder, 'store')}`,
      STYLEFLOW_PORT: String(options.port),
    };
    const env = options.bundle === undefined ? names : { ...names, STYLEFLOW_BUNDLE: resolve(options.bundle) };
    const secretKey = options.env.STYLEFLOW_SECRET_KEY || secretKeyOf(folder);
    const launch = (name: 'api' | 'cpu-worker' | 'gpu-worker'): Promise<number | null> => {
      const module = fileURLToPath(import.meta.resolve(`@styleflow/${name}/main`));
      const log = new LogFile(join(logFolder, `${name}.log`), options.say);
      logs.push(log);
      const child = new SupervisedProcess({
        name,
        module,
        env: {
          ...env,
          ...adminPort(options.env.STYLEFLOW_ADMIN_PORT, name),
          // Inference opens no secrets.
          STYLEFLOW_SECRET_KEY: name === 'gpu-worker' ? '' : secretKey,
          // The API signs: it decodes nothing, and the workers do not start with the key.
          STYLEFLOW_SIGNING_KEY: name === 'api' ? options.env.STYLEFLOW_SIGNING_KEY : '',
        },
        log,
        say: options.say,
      });
      started.push(child);
      return child.start();
    };
    // The API accepts jobs only when the GPU worker has announced its bundle: where clients know its port beforehand, it starts
    // when both workers serve.
    const serving = Promise.all([launch('gpu-worker'), launch('cpu-worker')]);
    if (options.port !== 0) await unlessAborted(serving, signal);
    const [port] = await unlessAborted(Promise.all([launch('api'), serving]), signal);
    const [gpuWorker, cpuWorker, api] = started;
    return {
      apiUrl: `http://127.0.0.1:${port}`,
      logFolder,
      pids: () => ({
        api: api?.pid,
        'cpu-worker': cpuWorker?.pid,
        'gpu-worker': gpuWorker?.pid,
        redis: redis?.pid(),
      }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Waits for `step`. An abort ends the wait, and throws the signal's reason. */
async function unlessAborted<T>(step: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return step;
  let onAbort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
  return Promise.race([step, aborted]).finally(() => signal.removeEventListener('abort', onAbort));
}
