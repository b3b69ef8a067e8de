// Checks the detached JWS over the tag manifest (RFC 7515 section 5.2 and appendix F), its algorithm pinned to the key.
import { createHash, type X509Certificate } from 'node:crypto';
import { compactVerify } from 'jose';
import type { Cert } from './certificates.ts';

/** A header never chooses freely: none and the symmetric algorithms are on no list. */
const algorithmsFor = (certificate: X509Certificate): readonly string[] => {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = certificate.publicKey;
  if (type === 'rsa') return ['PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512'];
  if (type !== 'ec') return [];
  return details?.namedCurve === 'prime256v1'
    ? ['ES256']
    : details?.namedCurve === 'secp384r1'
      ? ['ES384']
      : [];
};

/** base64url that would be written like this again: no padding, no stray bits (RFC 7515 section 2). */
const strictBase64url = (text: string): Buffer | null => {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : null;
};

const headerOf = (text: string): Readonly<Record<string, unknown>> | null => {
  const bytes = strictBase64url(text);
  if (bytes === null) return null;
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof header === 'object' && header !== null && !Array.isArray(header)
      ? (header as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
};

const headerFaults = (
  header: Readonly<Record<string, unknown>>,
  signer: Cert,
  allowed: readonly string[],
): string[] => {
  const faults: string[] = [];
  if (typeof header['alg'] !== 'string' || !allowed.includes(header['alg']))
    faults.push(`its algorithm is not ${allowed.join(' or ')}, as the key of signer.pem asks for`);
  // No critical extension is known here, so any is refused (RFC 7515 section 4.1.11); b64 needs crit to be valid.
  if (Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64'))
    faults.push('it asks for an extension that is not known here');
  const thumb = createHash('sha256').update(signer.der).digest('base64url');
  if (header['x5t#S256'] !== thumb) faults.push('it names another certificate than signer.pem (x5t#S256)');
  const chain = header['x5c'];
  if (
    chain !== undefined &&
    (!Array.isArray(chain) || chain[0] !== Buffer.from(signer.der).toString('base64'))
  )
    faults.push('it carries another certificate than signer.pem (x5c)');
  return faults;
};

/**
 * Sentences; none means that the signature is right.
 * @param file tagmanifest-sha256.txt.jws: `header..signature`, with a line feed after it or not
 */
export const jwsFaults = async (
  file: Uint8Array,
  content: Uint8Array,
  signer: Cert | null,
): Promise<string[]> => {
  const text = Buffer.from(file)
    .toString('latin1')
    .replace(/\r?\n$/u, '');
  const [, encoded, signature] = /^([A-Za-z0-9_-]+)\.\.([A-Za-z0-9_-]*)$/u.exec(text) ?? [];
  const header = encoded === undefined ? null : headerOf(encoded);
  if (header === null || signature === undefined || strictBase64url(signature) === null)
    return ['it is not one detached JWS (header..signature)'];
  if (signer === null) return ['signer.pem is missing or not a certificate'];
  const allowed = algorithmsFor(signer.x509);
  const faults = [
    ...headerFaults(header, signer, allowed),
    ...signer.faults.map((fault) => `signer.pem: ${fault}`),
  ];
  try {
    const whole = `${encoded}.${Buffer.from(content).toString('base64url')}.${signature}`;
    await compactVerify(whole, signer.x509.publicKey, { algorithms: [...allowed] });
  } catch {
    faults.push('the signature does not match');
  }
  return faults;
};
