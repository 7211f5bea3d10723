import { existsSync } from 'node:fs';
import { makeSample, SAMPLE } from '../make-sample.mjs';
import { DEPLOY_TOOLS, installDeployTools } from '../set-up/deploy-tools.mjs';
import { findProgram } from '../set-up/find-program.mjs';
import { installPackages } from '../set-up/system-packages.mjs';
import { TEST_NEEDS } from './test-needs.mjs';

/** @typedef {import('./test-needs.mjs').NeedName} NeedName */
/** @typedef {Partial<Record<NeedName, string>>} UnmetNeeds why each cannot be had here, for people */

/** @type {Readonly<Record<NeedName, import('./test-needs.mjs').Need>>} */
const table = TEST_NEEDS;

/**
 * Brings what the tests need where this machine can have it, saying so. What cannot be had is answered, never a reason
 * to stop: the tests that need it are skipped.
 * @param {ReadonlySet<NeedName>} needs
 * @returns {Promise<UnmetNeeds>}
 */
export async function fetchTestNeeds(needs) {
  const unmet = findAbsentPrograms(needs);
  const wanted = /** @type {NeedName[]} */ (Object.keys(unmet)).filter((name) => canInstall(name));
  try {
    await installPackages(wanted.flatMap((name) => table[name].debian));
    for (const name of wanted) delete unmet[name];
  } catch {
    // One that cannot be had must not keep the others away.
    for (const name of wanted) {
      const reason = await reasonOf(() => installPackages([...table[name].debian]));
      if (reason === null) delete unmet[name];
      else unmet[name] = reason;
    }
  }
  if (needs.has('sample')) {
    const reason = needs.has('ffmpeg') && unmet.ffmpeg !== undefined ? unmet.ffmpeg : await reasonOf(makeSample);
    if (reason !== null) unmet.sample = reason;
  }
  if (needs.has('deploy-tools')) {
    const reason = await reasonOf(async () => {
      const missing = Object.entries((await installDeployTools()).missing);
      if (missing.length > 0) throw new Error(missing.map(([name, why]) => `no ${name}: ${why}`).join('; '));
    });
    if (reason !== null) unmet['deploy-tools'] = reason;
  }
  return unmet;
}

/**
 * What is not here now; nothing is fetched.
 * @param {ReadonlySet<NeedName>} needs
 * @returns {UnmetNeeds}
 */
export function findUnmetNeeds(needs) {
  const unmet = findAbsentPrograms(needs);
  if (needs.has('sample') && !existsSync(SAMPLE)) unmet.sample = 'npm test makes it';
  if (needs.has('deploy-tools') && !existsSync(DEPLOY_TOOLS)) unmet['deploy-tools'] = 'npm test installs them';
  return unmet;
}

/** @param {ReadonlySet<NeedName>} needs */
function findAbsentPrograms(needs) {
  /** @type {UnmetNeeds} */
  const unmet = {};
  for (const name of needs) {
    const { linuxOnly = false, programs, brew, lacks } = table[name];
    const absent = programs.filter((program) => findProgram(program) === null);
    if (linuxOnly && process.platform !== 'linux') unmet[name] = 'only Linux has it';
    else if (absent.length > 0) {
      const hint = process.platform === 'darwin' && brew !== undefined ? `: brew install ${brew.join(' ')}` : '';
      unmet[name] = `there is no ${absent.join(', no ')} on the PATH${hint}`;
    } else {
      const lack = lacks?.() ?? null;
      if (lack !== null) unmet[name] = lack;
    }
  }
  return unmet;
}

/** @param {NeedName} name */
function canInstall(name) {
  return process.platform === 'linux' && table[name].debian.length > 0;
}

/**
 * @param {() => Promise<void>} work
 * @returns {Promise<string | null>} why it failed
 */
async function reasonOf(work) {
  try {
    await work();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
