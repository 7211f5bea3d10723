import { readFile } from 'node:fs/promises';
import { arch, cpus, platform } from 'node:os';
import { runtimeVersion } from './session.js';

/** What the runtime's own form of a graph depends on, beside the graph and the provider. */
export interface MachineFacts {
  /** ONNX Runtime's version. */
  readonly runtime: string;
  /** The processor and what it can do: the runtime chooses layouts and kernels by it. */
  readonly processor: string;
}

/** The facts of this machine. Two machines with the same ones run a graph by the same kernels. */
export async function machineFacts(): Promise<MachineFacts> {
  const model = cpus()[0]?.model ?? '';
  return { runtime: runtimeVersion(), processor: [platform(), arch(), model, await processorFeatures()].join(' ') };
}

/** What the processor can do, as Linux lists it; empty elsewhere, where the model alone tells. */
export async function processorFeatures(): Promise<string> {
  const info = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  // `flags` on x86, `Features` on ARM; the same for each core.
  return /^(?:flags|Features)\s*:\s*(.*)$/m.exec(info)?.[1] ?? '';
}
