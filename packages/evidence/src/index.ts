export { canonicalJson, canonicalPieces } from './canonical/canonical-json.js';
export { sha256, sha256OfChunks } from './canonical/digest.js';
export { CUSTODY_ENTRIES_MAX, type CustodyReading, extendCustody, readCustody } from './custody/custody-chain.js';
export {
  type CustodyEvent,
  type CustodyNote,
  isStageEvent,
  stageEventOf,
} from './custody/custody-entry.js';
export { newSigningKey } from './keys/new-signing-key.js';
export { fingerprintOf } from './keys/public-key.js';
export { ALLOWED_KEYS, parseSigningKeys, type SigningKeys } from './keys/signing-keys.js';
export { ENTRY_NAMES, stripEntry } from './package/manifest.js';
export { readmeText } from './package/readme-text.js';
export { type PackageContents, writePackage } from './package/write-package.js';
export type { ZipEntry } from './package/zip-form.js';
export { readSignature, signDetached } from './signatures/detached-jws.js';
export { readTimeStamp, type TimeStamp, timeStampRequest } from './time-stamps/time-stamp.js';
export { readTimeStampRoots } from './time-stamps/time-stamp-root.js';
export { NO_TRUST, readFingerprint, readPublicKeys, type TrustedKeys } from './verify/trust.js';
export type { Fault, Verification, VerificationStatus } from './verify/verification.js';
export { verifyPackage } from './verify/verify-package.js';
export { verifyResult } from './verify/verify-result.js';
