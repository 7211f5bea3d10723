import { randomBytes, webcrypto } from 'node:crypto';
import { Integer, OctetString } from 'asn1js';
import {
  AlgorithmIdentifier,
  type ContentInfo,
  CryptoEngine,
  MessageImprint,
  PKIStatus,
  SignedData,
  setEngine,
  TimeStampReq,
  TimeStampResp,
  TSTInfo,
} from 'pkijs';
import { sha256 } from '../canonical/digest.js';
import { distrustOf, type TimeStampRoot } from './time-stamp-root.js';

setEngine('node', new CryptoEngine({ name: 'node', crypto: webcrypto as never }));

const SHA256 = '2.16.840.1.101.3.4.2.1';
const NONCE_BYTES = 8;

/** What a server for time stamps attests. */
export interface TimeStamp {
  readonly at: Date;
  /** The subject of the certificate that signed, as its parts say. */
  readonly by: string;
  /** Whether that certificate leads to a root that was given. */
  readonly isTrusted: boolean;
}

/** A request (RFC 3161, DER) for a stamp over `text`, and the nonce that its answer must repeat. */
export function timeStampRequest(text: string): { readonly body: Uint8Array; readonly nonce: string } {
  const bytes = randomBytes(NONCE_BYTES);
  // Positive, whatever its first bit is.
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  const request = new TimeStampReq({
    version: 1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithmId: SHA256 }),
      hashedMessage: new OctetString({ valueHex: Buffer.from(sha256(text), 'hex') }),
    }),
    nonce: new Integer({ valueHex: bytes }),
    certReq: true,
  });
  return { body: new Uint8Array(request.toSchema().toBER()), nonce: bytes.toString('hex') };
}

/**
 * Reads an answer (RFC 3161, DER) and verifies that its own certificate signed it, over `text` and no other. Without
 * roots nothing is said of whose certificate that is.
 * @throws RangeError that says what is wrong with it
 */
export async function readTimeStamp(
  answer: Uint8Array,
  text: string,
  nonce?: string,
  roots: readonly TimeStampRoot[] = [],
): Promise<TimeStamp> {
  let signed: SignedData;
  let info: TSTInfo;
  try {
    const response = TimeStampResp.fromBER(answer);
    const { status } = response.status;
    if (status !== PKIStatus.granted && status !== PKIStatus.grantedWithMods) {
      throw new RangeError(`the server refused it (status ${status})`);
    }
    if (!response.timeStampToken) throw new RangeError('it holds no token');
    signed = new SignedData({ schema: (response.timeStampToken as ContentInfo).content });
    const content = signed.encapContentInfo.eContent;
    if (!content) throw new RangeError('its token holds nothing');
    info = TSTInfo.fromBER(content.getValue());
  } catch (error) {
    if (error instanceof RangeError && !/ber|asn/i.test(error.message)) throw error;
    throw new RangeError('it is no answer of a server for time stamps');
  }
  const imprint = hexOf(info.messageImprint.hashedMessage.valueBlock.valueHexView);
  if (info.messageImprint.hashAlgorithm.algorithmId !== SHA256 || imprint !== sha256(text)) {
    throw new RangeError('it stamps something else');
  }
  if (nonce !== undefined && (!info.nonce || hexOf(info.nonce.valueBlock.valueHexView) !== nonce)) {
    throw new RangeError('it answers another request');
  }
  const data = new Uint8Array(Buffer.from(text)).buffer;
  const isSigned = await signed.verify({ signer: 0, data, checkChain: false }).catch(() => false);
  if (isSigned !== true) throw new RangeError('its signature does not hold');
  const distrust = roots.length === 0 ? null : await distrustOf(signed, data, roots);
  if (distrust !== null) throw new RangeError(distrust);
  return { at: info.genTime, by: signerOf(signed), isTrusted: roots.length > 0 };
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The common names of the certificates that have a time stamp's purpose; of all where none says so. */
function signerOf({ certificates = [], signerInfos }: SignedData): string {
  const sid = signerInfos[0]?.sid as { serialNumber?: { valueBlock: { valueHexView?: Uint8Array } } };
  const serial = sid?.serialNumber?.valueBlock.valueHexView;
  for (const certificate of certificates) {
    if (!('subject' in certificate) || !serial) continue;
    if (hexOf(certificate.serialNumber.valueBlock.valueHexView) !== hexOf(serial)) continue;
    const names = certificate.subject.typesAndValues;
    const name = names.find(({ type }) => type === '2.5.4.3') ?? names.at(-1);
    return String(name?.value.valueBlock.value ?? 'unnamed');
  }
  return 'unnamed';
}
