const UNKNOWN_SIGNER =
  'is signed by nobody whom this machine trusts; NODE_EXTRA_CA_CERTS of the CPU workers names a file of further authorities';

/** What OpenSSL and Node find wrong with a certificate, by their codes. */
const FAULTS: Readonly<Record<string, string>> = {
  ERR_TLS_CERT_ALTNAME_INVALID: 'is for another name',
  CERT_HAS_EXPIRED: 'has expired',
  CERT_NOT_YET_VALID: 'is not valid yet',
  CERT_REVOKED: 'was revoked',
  CERT_REJECTED: 'may not be used for this',
  CERT_UNTRUSTED: UNKNOWN_SIGNER,
  CERT_SIGNATURE_FAILURE: 'has a wrong signature',
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_SIGNER,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_SIGNER,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_SIGNER,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_SIGNER,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_SIGNER,
};

/** Why a server is not believed to be the one that its address names, as the end of "its certificate …"; null for any other error. */
export function certificateFault(error: unknown): string | null {
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string' || !Object.hasOwn(FAULTS, code)) return null;
  return `${FAULTS[code]} (${code})`;
}
