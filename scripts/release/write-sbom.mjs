import { writeFileSync } from 'node:fs';
import { locked, setUp } from '../set-up/set-up.mjs';
import { readBillOfMaterials } from './bill-of-materials.mjs';

const HELP = `node scripts/release/write-sbom.mjs FILE

Writes the bill of materials (CycloneDX, JSON) of the npm packages that the images hold, for the platform of this machine. The same
checkout gives the same file. What the images take from Debian and CUDA is in docs/third-party.md.
`;

const [file, ...others] = process.argv.slice(2);
if (file === undefined || others.length > 0 || file.startsWith('-')) {
  process.stdout.write(HELP);
  process.exitCode = file === '--help' || file === '-h' ? 0 : 2;
} else {
  await setUp({ needs: 'checking' });
  const bom = await locked(() => readBillOfMaterials({ isShippedOnly: true }));
  writeFileSync(file, `${JSON.stringify(bom, null, 2)}\n`);
  process.stdout.write(`${file}: ${bom.components.length} packages\n`);
}
