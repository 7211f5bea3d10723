import { open, readFile } from 'node:fs/promises';
import { JobError } from '@styleflow/contracts';
import {
  NO_TRUST,
  readFingerprint,
  readPublicKeys,
  readTimeStampRoots,
  type TrustedKeys,
  type Verification,
  verifyPackage,
  verifyResult,
} from '@styleflow/evidence';
import { printable } from '@styleflow/runtime';
import type { Command } from 'commander';
import { compareVideo } from '../evidence/compare-video.js';
import { type RunComparison, rerun } from '../evidence/rerun.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { printVerification } from '../view/print-verification.js';

interface VerifyFlags {
  readonly key?: string;
  readonly jwks?: string;
  readonly fingerprint?: string;
  readonly tsaRoot?: string;
  readonly video?: string;
  readonly rerun?: true;
  readonly bundle?: string;
  readonly json?: true;
}

/** `styleflow verify RESULT|PACKAGE`: checks offline; nothing is asked of any system. */
export function addVerify(program: Command): void {
  program
    .command('verify')
    .argument('<file>', 'an evidence package, or a result.json with result.jws beside it')
    .description('check evidence offline: whether it is unchanged since it was signed, and by whom')
    .option('--key <file>', 'public key that you trust: PEM or JWK')
    .option('--jwks <file>', 'public keys that you trust, as /.well-known/jwks.json has them')
    .option('--fingerprint <hex>', 'SHA-256 of the public key (DER) that you trust')
    .option('--tsa-root <file>', 'root certificates of time stamp servers that you trust: PEM')
    .option('--video <file>', 'compare with this video')
    .option('--rerun', 'analyse the video once more on this machine, and compare the numbers')
    .option('--bundle <dir>', 'the model bundle of the result, for --rerun (default: the untrained one)')
    .option('--json', 'answer as JSON on stdout')
    .addHelpText(
      'after',
      '\nExit codes: 0 unchanged since a key signed it that you trust; 3 unchanged since it was signed, signer not verified;\n2 changed, not signed, or another video or other numbers; 1 the system failed.',
    )
    .action(async (file: string, flags: VerifyFlags) => {
      process.exitCode = await verify(file, flags);
    });
}

async function verify(file: string, flags: VerifyFlags): Promise<ExitCode> {
  if (flags.rerun === true && flags.video === undefined) {
    throw new JobError('invalid_request', '--rerun analyses the video once more: give it with --video');
  }
  const trust = await readTrust(flags);
  let verification = (await isPackage(file)) ? await verifyPackage(file, trust) : await verifyResult(file, trust);
  if (flags.video !== undefined) {
    const faults = [...verification.faults, ...(await compareVideo(verification.result, flags.video))];
    verification = { ...verification, faults, status: faults.length > 0 ? 'refused' : verification.status };
  }
  let comparison: RunComparison | null = null;
  if (flags.rerun === true && flags.video !== undefined && verification.result !== null) {
    comparison = await rerun(verification.result, flags.video, flags.bundle);
    const faults = [...verification.faults, ...comparison.faults];
    verification = { ...verification, faults, status: faults.length > 0 ? 'refused' : verification.status };
  }
  if (flags.json === true) {
    const { result: _text, ...facts } = verification;
    process.stdout.write(`${JSON.stringify({ ...facts, ...(comparison && { rerun: comparison }) })}\n`);
  } else {
    process.stdout.write(`${printVerification(printable(file), verification, comparison).join('\n')}\n`);
  }
  return exitOf(verification);
}

function exitOf({ status }: Verification): ExitCode {
  if (status === 'trusted') return EXIT.done;
  return status === 'unverified' ? EXIT.unverified : EXIT.refused;
}

async function readTrust({ key, jwks, fingerprint, tsaRoot }: VerifyFlags): Promise<TrustedKeys> {
  let trust = NO_TRUST;
  for (const [flag, path] of [
    ['--key', key],
    ['--jwks', jwks],
  ] as const) {
    if (path === undefined) continue;
    const text = await readFlagFile(flag, path);
    trust = { ...trust, keys: [...trust.keys, ...refusing(flag, () => readPublicKeys(text))] };
  }
  if (tsaRoot !== undefined) {
    const text = await readFlagFile('--tsa-root', tsaRoot);
    trust = { ...trust, timeStampRoots: refusing('--tsa-root', () => readTimeStampRoots(text)) };
  }
  if (fingerprint === undefined) return trust;
  return { ...trust, fingerprints: [refusing('--fingerprint', () => readFingerprint(fingerprint))] };
}

function readFlagFile(flag: string, path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new JobError('invalid_request', `${flag}: ${printable(path)} cannot be read`, { cause });
  });
}

function refusing<T>(flag: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new JobError('invalid_request', `${flag}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A package begins as ZIP archives do; a result is JSON. */
async function isPackage(path: string): Promise<boolean> {
  const file = await open(path).catch((cause: unknown) => {
    throw new JobError('invalid_request', `${printable(path)} cannot be read`, { cause });
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1), 0, 1, 0);
    return bytesRead === 1 && !['{', ' ', '\n', '\r', '\t'].includes(buffer.toString('latin1'));
  } catch (cause) {
    throw new JobError('invalid_request', `${printable(path)} cannot be read`, { cause });
  } finally {
    await file.close();
  }
}
