import { assetsDirectory } from '@styleflow/bundles';
import { writeAssets } from './write-assets.js';

const outcome = await writeAssets();
process.stdout.write(`${assetsDirectory()}: ${outcome}\n`);
