import { ENTRY_NAMES, MANIFEST, MANIFEST_SIGNATURE } from './manifest.js';

export interface ReadmeFacts {
  readonly job: string;
  readonly verdict: string;
  readonly isTrained: boolean;
  readonly createdAt: Date;
  readonly signer: { readonly kid: string; readonly fingerprint: string; readonly signedAt: Date } | null;
  readonly stamp: { readonly at: Date; readonly by: string } | null;
  readonly hasVideo: boolean;
}

/** What stands first in a package: what it is, what it proves and what not, and how to check it without this product. */
export function readmeText(facts: ReadmeFacts): string {
  return `${[...beginning(facts), ...contents(facts), ...checking(facts), ...meaning(facts)].join('\n')}\n`;
}

function beginning({ job, verdict, isTrained, createdAt }: ReadmeFacts): string[] {
  return [
    'EVIDENCE PACKAGE OF A VIDEO ANALYSIS',
    '',
    `Job        ${job}`,
    `Packed at  ${createdAt.toISOString()}`,
    `Verdict    ${verdict}`,
    ...(isTrained ? [] : ['           The model was never trained: its numbers say nothing about this video.']),
    '',
  ];
}

function contents({ hasVideo, stamp, signer }: ReadmeFacts): string[] {
  const lines: [string, string][] = [
    [ENTRY_NAMES.result, 'the result: the digests of video, clips, model, detector; scores; versions'],
    ...(signer ? [[ENTRY_NAMES.signature, 'its signature'] as [string, string]] : []),
    ...(stamp
      ? [[ENTRY_NAMES.timeStamp, 'when that signature was there, attested by a time stamp server'] as [string, string]]
      : []),
    [ENTRY_NAMES.report, 'the same for people; opens in any browser, offline'],
    ['strips/T.C.png', 'what was looked at: clip C of face T'],
    [
      ENTRY_NAMES.custody,
      'who submitted the job, what was done, who fetched evidence; each line holds the digest of the one before',
    ],
    ...(signer
      ? [[ENTRY_NAMES.keys, 'the public keys of the system; a convenience, see below'] as [string, string]]
      : []),
    ...(hasVideo ? [[ENTRY_NAMES.video, 'the video itself, byte by byte'] as [string, string]] : []),
    [MANIFEST, 'the SHA-256 of every file above, and the end of the custody log'],
    ...(signer ? [[MANIFEST_SIGNATURE, 'the signature of the manifest'] as [string, string]] : []),
  ];
  return ['WHAT IS IN IT', '', ...lines.map(([name, what]) => `  ${name.padEnd(16)}${what}`), ''];
}

function checking({ signer, stamp }: ReadmeFacts): string[] {
  if (!signer) {
    return [
      'THIS PACKAGE IS NOT SIGNED',
      '',
      'The system that made it had no signing key. The digests in manifest.json show damage by accident, and nothing',
      'more: whoever changes a file can change its digest, too.',
      '',
    ];
  }
  return [
    'HOW TO CHECK IT',
    '',
    'With the same product:   styleflow verify PACKAGE.zip --fingerprint HEX',
    'Without it, with sha256sum, openssl (3.0 or newer) and a shell, in the unpacked folder:',
    '',
    '1. Every file: compare the output of sha256sum with the digests in manifest.json. No file may be missing there, but',
    '   manifest.json and manifest.jws themselves.',
    '2. Both signatures (Ed25519; RFC 7515 detached, RFC 7797 unencoded), as for manifest.json:',
    "     b64() { tr -- '-_' '+/' | awk '{ while (length($0) % 4) $0 = $0 \"=\"; print }' | base64 -d; }",
    "     (cut -d. -f1 manifest.jws | tr -d '\\n'; printf .; cat manifest.json) > signed.bin",
    '     cut -d. -f3 manifest.jws | b64 > signature.bin',
    '     openssl pkeyutl -verify -pubin -inkey KEY.pem -rawin -in signed.bin -sigfile signature.bin',
    '   The header says with which key (kid) and when (iat, seconds since 1970):  cut -d. -f1 manifest.jws | b64',
    `3. The key. This package was signed with the key ${signer.kid}, whose fingerprint is`,
    `     ${signer.fingerprint}`,
    '   Whoever makes a false package can put a false key into it. So get the key, or its fingerprint, from whom you trust',
    '   on a way of your own, such as /.well-known/jwks.json of their system, and compare:',
    '     openssl pkey -pubin -in KEY.pem -outform DER | sha256sum',
    `4. The time. The signer claims ${signer.signedAt.toISOString()}.`,
    ...(stamp
      ? [
          `   A time stamp server (${stamp.by}) attests that the signature was there at ${stamp.at.toISOString()}:`,
          '     openssl ts -verify -data result.jws -in result.tsr -CAfile THE-SERVERS-ROOT.pem',
        ]
      : ['   No time stamp server attests it: it is the time as claimed by the signer.']),
    '',
  ];
}

function meaning({ signer }: ReadmeFacts): string[] {
  return [
    'WHAT THIS MEANS, AND WHAT NOT',
    '',
    ...(signer
      ? [
          'A signature that holds says: who has this key has signed exactly these bytes, and nothing was changed since. It',
          'does not say that the verdict is right, that the video is genuine, or where it comes from.',
        ]
      : []),
    'The verdict is the output of a statistical model. Absence of evidence guarantees nothing.',
  ];
}
