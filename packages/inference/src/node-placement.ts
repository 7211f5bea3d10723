import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

/** How many nodes of a graph each execution provider runs. */
export type NodePlacement = Readonly<Record<string, number>>;

/** ONNX Runtime's profile: one event a kernel run, among others. */
const ProfileSchema = z.array(
  z.object({
    cat: z.string().optional(),
    name: z.string(),
    args: z.object({ provider: z.string().optional() }).optional(),
  }),
);

/**
 * Counts by profiling, the only way in which ONNX Runtime tells from Node where a node went: without it a node that
 * quietly fell back to the CPU would only show as slowness.
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

  /** After the session has ended profiling, or was never made. */
  async read(): Promise<NodePlacement> {
    try {
      const [file] = await readdir(this.#folder);
      return file === undefined ? {} : countNodes(await readFile(join(this.#folder, file), 'utf8'));
    } finally {
      await rm(this.#folder, { recursive: true, force: true });
    }
  }
}

/** `CUDAExecutionProvider` is counted as `cuda`. A node that ran more than once counts once. */
export function countNodes(profile: string): NodePlacement {
  const providerOf = new Map<string, string>();
  for (const { cat, name, args } of ProfileSchema.parse(JSON.parse(profile))) {
    if (cat !== 'Node' || !name.endsWith('_kernel_time') || args?.provider === undefined) continue;
    providerOf.set(name, args.provider.replace(/ExecutionProvider$/, '').toLowerCase());
  }
  const counts: Record<string, number> = {};
  for (const provider of providerOf.values()) counts[provider] = (counts[provider] ?? 0) + 1;
  return counts;
}
