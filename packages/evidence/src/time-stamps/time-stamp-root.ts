import { BasicConstraints, Certificate, ExtKeyUsage, type SignedData } from 'pkijs';

/** A certificate that whoever verifies trusts to say who may stamp. */
export type TimeStampRoot = Certificate;

const EXTENDED_KEY_USAGE = '2.5.29.37';
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
const ANY_USAGE = '2.5.29.37.0';
const BASIC_CONSTRAINTS = '2.5.29.19';

/**
 * Roots from a file: one or several certificates in PEM.
 * @throws RangeError
 */
export function readTimeStampRoots(text: string): TimeStampRoot[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw new RangeError('it holds no certificate in PEM');
  return blocks.map((block) => {
    try {
      return Certificate.fromBER(Buffer.from(block.replace(/-----[^-]+-----|\s/g, ''), 'base64'));
    } catch {
      throw new RangeError('it holds a certificate that cannot be read');
    }
  });
}

/**
 * Why the signer of a stamp does not lead to one of the roots; null when it does. The certificates between lie in the token. All must
 * have been valid when it was stamped; whether one was revoked is not looked up, which would ask somebody.
 * @param data the text that was stamped.
 */
export async function distrustOf(
  signed: SignedData,
  data: ArrayBuffer,
  roots: readonly TimeStampRoot[],
): Promise<string | null> {
  const options = { signer: 0, data, trustedCerts: [...roots], checkChain: true, passedWhenNotRevValues: true };
  const checked = await signed.verify({ ...options, extendedMode: true }).catch(() => null);
  if (checked?.signatureVerified !== true || checked.signerCertificateVerified !== true)
    return 'its signer leads to no root that you trust, or was not valid at that time';
  // Roots answer for many kinds of certificates: one of a web server must not stamp, nor may one that issues such certificates alone.
  const mayStamp = usageOf(checked.signerCertificate)?.includes(TIME_STAMPING) === true;
  const [, ...issuers] = checked.certificatePath ?? [];
  if (mayStamp && issuers.every(mayIssue)) return null;
  return 'its signer leads to a root that you trust, and yet may not stamp';
}

/** @param below how many certificates of issuers stand between this one and the signer's. */
function mayIssue(issuer: Certificate, below: number): boolean {
  const usage = usageOf(issuer);
  const constraints = extensionOf(issuer, BASIC_CONSTRAINTS);
  const most = constraints instanceof BasicConstraints ? constraints.pathLenConstraint : undefined;
  const isForStamps = usage === null || usage.includes(TIME_STAMPING) || usage.includes(ANY_USAGE);
  return isForStamps && (typeof most !== 'number' || below <= most);
}

function usageOf(certificate: Certificate | null | undefined): readonly string[] | null {
  const usage = extensionOf(certificate, EXTENDED_KEY_USAGE);
  return usage instanceof ExtKeyUsage ? usage.keyPurposes : null;
}

const extensionOf = (certificate: Certificate | null | undefined, id: string): unknown =>
  certificate?.extensions?.find(({ extnID }) => extnID === id)?.parsedValue;
