import type { ManifestFault } from '@styleflow/contracts';

/** After a fault of this kind nothing that follows can be read: the manifest is refused whatever else it holds. */
export class UnreadableManifest extends Error {
  readonly fault: ManifestFault;

  constructor(fault: ManifestFault) {
    super(fault.message);
    this.fault = fault;
  }
}

export function rowFault(line: number, message: string, column: string | null = null): ManifestFault {
  return { line, column, message };
}
