import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, cpus, platform } from 'node:os';
import { z } from 'zod';

/** What the runtime's own form of a graph depends on, beside the graph and the provider. */
export interface MachineFacts {
  /** ONNX Runtime's version. */
  readonly runtime: string;
  /** The processor and what it can do: the runtime chooses layouts and kernels by it. */
  readonly processor: string;
}

const PackageSchema = z.object({ version: z.string() });

/** The facts of this machine. Two machines with the same ones run a graph by the same kernels. */
export async function machineFacts(): Promise<MachineFacts> {
  const info = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  // `flags` on x86, `Features` on ARM; the same for each core. Elsewhere the model tells.
  const features = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(info)?.[1] ?? '';
  const model = cpus()[0]?.model ?? '';
  // Read, so that the thread which asks need not load the runtime.
  const { version } = PackageSchema.parse(createRequire(import.meta.url)('onnxruntime-node/package.json'));
  return { runtime: version, processor: [platform(), arch(), model, features].join(' ') };
}
