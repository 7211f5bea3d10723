import { z } from 'zod';

export const MANIFEST = 'manifest.json';
export const MANIFEST_SIGNATURE = 'manifest.jws';
export const ENTRY_NAMES = {
  readme: 'README.txt',
  result: 'result.json',
  signature: 'result.jws',
  timeStamp: 'result.tsr',
  report: 'report.html',
  custody: 'custody.ndjson',
  keys: 'jwks.json',
  video: 'video',
} as const;

/** Under which the picture of a clip lies in a package. */
export function stripEntry(track: number, clip: number): string {
  return `strips/${track}.${clip}.png`;
}

const DigestSchema = z.string().regex(/^[0-9a-f]{64}$/);

/** What an evidence package holds: every entry but the manifest and its signature. */
export const ManifestSchema = z.strictObject({
  format: z.literal('styleflow-evidence 1'),
  job: z.string(),
  createdAt: z.iso.datetime(),
  signed: z.boolean().describe('False where the system had no key: then nothing tells that it is unchanged.'),
  custody: z.strictObject({ entries: z.int().min(0), head: DigestSchema }),
  entries: z.record(z.string(), z.strictObject({ bytes: z.int().min(0), sha256: DigestSchema })),
});
export type Manifest = z.infer<typeof ManifestSchema>;
