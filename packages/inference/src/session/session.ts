import './env.js';

import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { JobError } from '@styleflow/contracts/errors';
import type * as ort from 'onnxruntime-node';
import {
  assertProviders,
  availableProviders,
  type ExecutionProvider,
  missing,
  providerOption,
} from '../device/execution-providers.js';
import type { CostModel } from './cost-model.js';
import type { NodePlacement, PlacementProfile } from './node-placement.js';
import { OutOfMemory, saysOutOfMemory } from './out-of-memory.js';

export type TensorType = 'uint8' | 'float32' | 'int64' | 'int32' | 'bool';

/** A dense tensor in row-major order; `data.length` equals the product of `dims`. */
export interface Tensor {
  readonly type: TensorType;
  readonly dims: readonly number[];
  readonly data: Uint8Array | Float32Array | BigInt64Array | Int32Array;
}

/** Input name to tensor. */
export type Feeds = Readonly<Record<string, Tensor>>;

/** A loaded graph. `run` blocks the calling thread. Wherever a lock is renewed, call it in a worker thread. */
export interface InferenceSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** The required provider, which runs every node that it can. */
  readonly provider: ExecutionProvider;
  /** Where the nodes ran. Null unless counting was asked for and the first run is over. */
  readonly placement: NodePlacement | null;
  run(feeds: Feeds): Promise<Readonly<Record<string, Tensor>>>;
  release(): Promise<void>;
}

export interface SessionOptions {
  /**
   * Providers in order of preference. The first is required; each further one may run single nodes that those before it
   * cannot.
   */
  readonly providers: readonly ExecutionProvider[];
  /** Simulate a device instead of running the graph, for load tests. Only in a thread of its own. */
  readonly simulated?: CostModel;
  /** Threads within one operator on the CPU. The same number gives the same bits; 0 or absent: one per core. */
  readonly threads?: number;
  /** The card's number among those that CUDA_VISIBLE_DEVICES leaves visible. */
  readonly deviceId?: number;
  /** How far the runtime may rewrite the graph. `none` runs the nodes as written. */
  readonly optimisation?: 'all' | 'extended' | 'none';
  /**
   * Save the graph as the runtime has rewritten it for this processor, in `path`, with its weights in a file beside it. To be
   * loaded with the optimisation `none`, by the same version of the runtime, on the same processor.
   */
  readonly optimisedTo?: { readonly path: string; readonly weightsFile: string };
  /** Profile the first run, which makes that run slower. */
  readonly countsNodes?: boolean;
}

/**
 * Loads a graph. Graphs with external data files must be given by path, because ONNX Runtime maps the files into
 * memory; small graphs may be given as bytes. Create sessions once: creating and releasing them repeatedly leaks in the
 * native library.
 *
 * Shapes are computed on the CPU in any case, so the runtime's own switch against fallback would refuse every graph
 * with an open batch size. Whether other nodes ran on the CPU without leave is known after the first run, which then
 * throws.
 * @throws JobError `internal` (not retryable) when a wanted provider is missing or the graph cannot be loaded.
 */
export async function openSession(model: string | Uint8Array, options: SessionOptions): Promise<InferenceSession> {
  const runtime = await import('onnxruntime-node');
  const available = providersOf(runtime);
  assertProviders(options.providers, available);
  const [provider = 'cpu'] = options.providers;
  const mayFall = options.providers.includes('cpu') || provider === 'simulated';
  // Without `cpu` in the list the first run is counted too, because no node may silently run there.
  const placements = options.countsNodes || !mayFall ? await import('./node-placement.js') : null;
  let profile = (await placements?.PlacementProfile.begin()) ?? null;
  const session = await create(runtime, model, { options, provider, available, profile });
  let placement: NodePlacement | null = null;
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    provider,
    get placement() {
      return placement;
    },
    run: async (feeds) => {
      let outputs: ort.InferenceSession.OnnxValueMapType;
      try {
        outputs = await session.run(mapRecord(feeds, ({ type, data, dims }) => new runtime.Tensor(type, data, dims)));
      } catch (error) {
        const reason = sentenceOf(error);
        const cause = saysOutOfMemory(reason) ? new OutOfMemory(reason, { cause: error }) : error;
        throw new JobError('inference_failed', `the graph could not be run: ${reason}`, { cause });
      } finally {
        if (profile) {
          session.endProfiling();
          placement = await profile.read(provider);
          profile = null;
        }
      }
      const fallen = mayFall || !placement ? null : placements?.sayFallback(placement, provider);
      if (fallen) throw missing(`the execution provider ${provider} cannot serve alone: ${fallen}`, available);
      return mapRecord(outputs, fromOrtTensor);
    },
    release: () => session.release(),
  };
}

/**
 * The runtime is loaded when a session is opened, in the thread that opens it: most threads that know of sessions open none.
 */
type Runtime = typeof ort;

/** Providers whose code is on this machine, best first. */
export async function listAvailableProviders(): Promise<ExecutionProvider[]> {
  return providersOf(await import('onnxruntime-node'));
}

/** ONNX Runtime's version, read from its package: the thread that asks need not load it. */
export function runtimeVersion(): string {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: unknown };
  return String(version);
}

function providersOf(runtime: Runtime): ExecutionProvider[] {
  return availableProviders({ compiled: runtime.listSupportedBackends(), hasLibrary });
}

/** Smaller weights stay in the saved graph's own file. */
const SMALLEST_SAVED_WEIGHT_BYTES = '1024';

const OPTIMISATION_LEVELS = { all: 'all', extended: 'extended', none: 'disabled' } as const;

interface Creation {
  readonly options: SessionOptions;
  readonly provider: ExecutionProvider;
  readonly available: readonly ExecutionProvider[];
  readonly profile: PlacementProfile | null;
}

async function create(
  runtime: Runtime,
  model: string | Uint8Array,
  { options, provider, available, profile }: Creation,
): Promise<ort.InferenceSession> {
  const settings: ort.InferenceSession.SessionOptions = {
    executionProviders: options.providers.map((name) => providerOption(name, options.deviceId ?? 0)),
    graphOptimizationLevel: OPTIMISATION_LEVELS[options.optimisation ?? 'all'],
    executionMode: 'sequential',
    // Its own log lines would break the JSON on stderr. What matters of them also comes as the error's message.
    logSeverityLevel: 4,
    // Planned memory doubles the peak on the CPU and saves no time (README "On the CPU").
    ...(provider === 'cpu' ? { enableMemPattern: false } : {}),
    ...profile?.sessionOptions,
    ...(options.threads ? { intraOpNumThreads: options.threads } : {}),
    ...(options.optimisedTo && { optimizedModelFilePath: options.optimisedTo.path }),
    extra: {
      session: {
        ...(options.optimisedTo && {
          optimized_model_external_initializers_file_name: options.optimisedTo.weightsFile,
          optimized_model_external_initializers_min_size_in_bytes: SMALLEST_SAVED_WEIGHT_BYTES,
        }),
        // Threads that wait for their next share of an operator would use the cores that decoding and other sessions
        // need. It costs time (README "On the CPU").
        intra_op: { allow_spinning: '0' },
      },
    },
  };
  try {
    return typeof model === 'string'
      ? await runtime.InferenceSession.create(model, settings)
      : await runtime.InferenceSession.create(model, settings);
  } catch (error) {
    await profile?.read(provider);
    const reason = sentenceOf(error);
    if (provider !== 'cpu' && /cuda|tensorrt|nvrtc|cudnn|cublas|shared library|fallback/i.test(reason)) {
      throw missing(`the execution provider ${provider} cannot serve (${reason})`, available, error);
    }
    const where = typeof model === 'string' ? model : 'the graph';
    throw new JobError('internal', `${where} could not be loaded: ${reason}`, { cause: error, retryable: false });
  }
}

/** Whether a provider's library lies beside ONNX Runtime's binding, where it is looked for. */
function hasLibrary(provider: ExecutionProvider): boolean {
  const bin = join(createRequire(import.meta.url).resolve('onnxruntime-node'), '..', '..', 'bin');
  const file =
    process.platform === 'win32' ? `onnxruntime_providers_${provider}.dll` : `libonnxruntime_providers_${provider}.so`;
  return readdirSync(bin).some((abi) => existsSync(join(bin, abi, process.platform, process.arch, file)));
}

function fromOrtTensor({ type, data, dims }: ort.OnnxValue): Tensor {
  const isKnown =
    data instanceof Uint8Array ||
    data instanceof Float32Array ||
    data instanceof BigInt64Array ||
    data instanceof Int32Array;
  if (!isKnown || !isTensorType(type)) throw new Error(`an output of type ${type} is not read here`);
  return { type, dims, data };
}

function isTensorType(type: string): type is TensorType {
  return type === 'uint8' || type === 'float32' || type === 'int64' || type === 'int32' || type === 'bool';
}

function mapRecord<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

/** The first line of ONNX Runtime's message, which says what is wrong. The other lines and source paths are dropped. */
function sentenceOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n')[0] ?? text).slice(0, 500);
}
