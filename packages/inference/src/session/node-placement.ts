import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { ExecutionProvider } from '../device/execution-providers.js';

/** Where the nodes of a graph ran. */
export interface NodePlacement {
  /** How many nodes each provider ran. */
  readonly counts: Readonly<Record<string, number>>;
  /**
   * Nodes that the required provider did not take, by the provider that ran them and by operator; the most frequent
   * first.
   */
  readonly fallback: readonly FallenNodes[];
}

export interface FallenNodes {
  readonly provider: string;
  readonly operator: string;
  readonly count: number;
  /** Names of some of these nodes. */
  readonly nodes: readonly string[];
}

/** ONNX Runtime's profile: one event for each run of a kernel, among other events. Its numbers are text. */
const ProfileSchema = z.array(
  z.object({
    cat: z.string().optional(),
    name: z.string(),
    args: z
      .object({
        provider: z.string().optional(),
        op_name: z.string().optional(),
        node_index: z.string().optional(),
        activation_size: z.string().optional(),
        output_size: z.string().optional(),
      })
      .optional(),
  }),
);

/** End of the name of an event about a node's run. */
const KERNEL_EVENT = '_kernel_time';
const NODES_NAMED = 3;
/**
 * ONNX Runtime computes shapes on the CPU on purpose, because a device would take longer for so few numbers. Nodes that
 * read and write at most this many bytes are therefore not reported as fallen back.
 */
const SHAPE_BYTES = 1024;
const READS_NO_VALUES: ReadonlySet<string> = new Set(['Shape', 'Size']);

/**
 * Counts nodes by profiling the first run. From Node it is the only way to learn where a node ran; otherwise a node
 * that silently fell back to the CPU would show only as slowness.
 */
export class PlacementProfile {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async begin(): Promise<PlacementProfile> {
    return new PlacementProfile(await mkdtemp(join(tmpdir(), 'styleflow-profile-')));
  }

  get sessionOptions(): { enableProfiling: true; profileFilePrefix: string } {
    return { enableProfiling: true, profileFilePrefix: join(this.#folder, 'profile') };
  }

  /** Reads the profile. Call it when the session has ended profiling, or was never made. */
  async read(required: ExecutionProvider): Promise<NodePlacement> {
    try {
      const [file] = await readdir(this.#folder);
      const profile = file === undefined ? '[]' : await readFile(join(this.#folder, file), 'utf8');
      return readPlacement(profile, required);
    } finally {
      await rm(this.#folder, { recursive: true, force: true });
    }
  }
}

/** Reads a profile. `CUDAExecutionProvider` is counted as `cuda`, and a node that ran more than once counts once. */
export function readPlacement(profile: string, required: ExecutionProvider): NodePlacement {
  const nodes = new Map<string, { provider: string; operator: string; name: string; isShape: boolean }>();
  for (const { cat, name: event, args } of ProfileSchema.parse(JSON.parse(profile))) {
    if (cat !== 'Node' || !event.endsWith(KERNEL_EVENT) || args?.provider === undefined) continue;
    const name = event.slice(0, -KERNEL_EVENT.length);
    const provider = args.provider.replace(/ExecutionProvider$/, '').toLowerCase();
    const operator = args.op_name ?? 'unknown';
    const sizes = READS_NO_VALUES.has(operator) ? [args.output_size] : [args.activation_size, args.output_size];
    const isShape = sizes.every((size) => size !== undefined && Number(size) <= SHAPE_BYTES);
    // Nodes without a name share the empty one.
    nodes.set(`${args.node_index} ${name}`, { provider, operator, name, isShape });
  }
  const counts: Record<string, number> = {};
  const fallen = new Map<string, FallenNodes>();
  for (const { provider, operator, name, isShape } of nodes.values()) {
    counts[provider] = (counts[provider] ?? 0) + 1;
    if (provider === required || isShape) continue;
    const { count, nodes: named } = fallen.get(`${provider} ${operator}`) ?? { count: 0, nodes: [] };
    const some = named.length < NODES_NAMED ? [...named, name] : named;
    fallen.set(`${provider} ${operator}`, { provider, operator, count: count + 1, nodes: some });
  }
  return { counts, fallback: [...fallen.values()].sort((a, b) => b.count - a.count) };
}

/** One sentence about fallen nodes, for people; null when the required provider ran everything. */
export function sayFallback({ fallback }: Pick<NodePlacement, 'fallback'>, required: ExecutionProvider): string | null {
  if (fallback.length === 0) return null;
  const kinds = fallback.map(
    ({ provider, operator, count, nodes }) =>
      `${count} ${operator} on ${provider} (${nodes.join(', ')}${count > nodes.length ? ', …' : ''})`,
  );
  const count = fallback.reduce((sum, each) => sum + each.count, 0);
  return `${count} nodes of the graph do not run on ${required}: ${kinds.join('; ')}`;
}
