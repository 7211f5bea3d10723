import { createHash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { canonicalJson } from '../canonical/canonical-json.js';
import { MANIFEST, MANIFEST_SIGNATURE, type Manifest } from './manifest.js';
import { writeZip, type ZipEntry } from './zip-form.js';

export interface PackageContents {
  readonly job: string;
  readonly createdAt: Date;
  readonly custody: Manifest['custody'];
  readonly entries: readonly ZipEntry[];
  /** Signs the manifest; null where there is no key. */
  readonly sign: ((manifest: Uint8Array) => Promise<string>) | null;
}

/** An evidence package as a stream. The manifest comes last: it is made while the entries pass, and none is read twice. */
export function writePackage({ job, createdAt, custody, entries, sign }: PackageContents): Readable {
  const seen: Manifest['entries'] = {};
  const counted = entries.map(
    ({ name, open }): ZipEntry => ({
      name,
      open: async () => digested(await open(), (facts) => Object.assign(seen, { [name]: facts })),
    }),
  );
  let manifest = new Uint8Array();
  const last: ZipEntry[] = [
    {
      name: MANIFEST,
      open: () => {
        const facts = { format: 'styleflow-evidence 1', job, createdAt: createdAt.toISOString() } as const;
        const whole: Manifest = { ...facts, signed: sign !== null, custody, entries: seen };
        manifest = new TextEncoder().encode(canonicalJson(whole));
        return Readable.from([Buffer.from(manifest)]);
      },
    },
  ];
  if (sign) {
    last.push({ name: MANIFEST_SIGNATURE, open: async () => Readable.from([Buffer.from(await sign(manifest))]) });
  }
  return writeZip([...counted, ...last]);
}

/** The same bytes; tells their number and digest before their end is read. */
function digested(source: Readable, tell: (facts: Manifest['entries'][string]) => void): Readable {
  const hash = createHash('sha256');
  let bytes = 0;
  const passing = pipeline(
    source,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
      tell({ bytes, sha256: hash.digest('hex') });
    },
    () => undefined,
  );
  return passing as unknown as Readable;
}
