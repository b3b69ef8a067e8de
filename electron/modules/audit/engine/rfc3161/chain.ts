// Follows the authority's certificate to a root that was given, as of the time in the token (RFC 5280 section 6.1).
import type { Finding } from '../../../../../shared/model/verdict.ts';
import { checkSignature } from './algorithms.ts';
import type { Cert, RevocationList } from './certificates.ts';

const KEY_USAGE = { digitalSignature: 0x80, nonRepudiation: 0x40, certSign: 0x04, crlSign: 0x02 } as const;
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
const LONGEST = 8;
const MOST_TRIED = 500;

export type Fault = Pick<Finding, 'kind' | 'verdict' | 'message' | 'expected' | 'actual'>;

export const invalid = (message: string): Fault => ({
  kind: 'SIGNATURE_INVALID',
  verdict: 'TAMPERED',
  message,
});
export const missing = (message: string): Fault => ({
  kind: 'KEY_MISSING',
  verdict: 'UNVERIFIABLE',
  message,
});
const weak = (message: string): Fault => ({ kind: 'WEAK_DIGEST', message });

/** Whether `issuer` signed `cert`: names, key identifiers where both are there, and the signature. */
export const isIssuedBy = (cert: Cert, issuer: Cert): boolean => {
  if (!cert.issuerName.equals(issuer.subjectName) || issuer.key === null) return false;
  const { authorityKeyId } = cert;
  if (authorityKeyId !== null && issuer.subjectKeyId !== null && authorityKeyId !== issuer.subjectKeyId)
    return false;
  const answer = checkSignature(cert.algorithm, null, issuer.key, cert.signed, cert.signature);
  return answer === 'right' || answer === 'weak';
};

export const isSelfSigned = (cert: Cert): boolean => isIssuedBy(cert, cert);

/** RFC 3161 section 2.3: exactly one purpose, timeStamping, and critical. */
export const purposeFaults = (cert: Cert): readonly Fault[] => {
  const { extendedKeyUsage: purposes, keyUsage } = cert;
  const faults: Fault[] = [];
  if (purposes === null)
    faults.push(
      invalid(
        'The certificate that signed it is not one of a time-stamping authority: it states no extended key usage.',
      ),
    );
  else if (purposes.purposes.length !== 1 || purposes.purposes[0] !== TIME_STAMPING)
    faults.push(
      invalid(
        'The certificate that signed it is not one of a time-stamping authority: its extended key usage is not timeStamping alone.',
      ),
    );
  else if (!purposes.critical)
    faults.push(
      invalid(
        'The certificate that signed it states timeStamping as its purpose, but not as critical, which RFC 3161 section 2.3 asks for.',
      ),
    );
  const allowed = KEY_USAGE.digitalSignature | KEY_USAGE.nonRepudiation;
  if (keyUsage !== null && (keyUsage & allowed) === 0)
    faults.push(invalid('The certificate that signed it may not be used for signatures (key usage).'));
  return faults;
};

const plain = (at: Temporal.Instant): string => at.toString({ smallestUnit: 'second' });

const timeFault = (cert: Cert, at: Temporal.Instant, what: string): Fault | null => {
  const span = `${plain(cert.notBefore)} to ${plain(cert.notAfter)}`;
  if (Temporal.Instant.compare(at, cert.notBefore) < 0 || Temporal.Instant.compare(at, cert.notAfter) > 0)
    return invalid(`${what} was not valid at the time in the token, ${plain(at)}: it is valid from ${span}.`);
  return null;
};

const caFaults = (cert: Cert, what: string): readonly Fault[] => {
  const faults: Fault[] = [];
  if (!cert.ca) faults.push(invalid(`${what} is not the certificate of an authority (CA).`));
  if (cert.keyUsage !== null && (cert.keyUsage & KEY_USAGE.certSign) === 0)
    faults.push(invalid(`${what} may not sign certificates.`));
  return faults;
};

interface Search {
  readonly way: readonly Cert[] | null;
  /** The last certificate for which no issuer was found. */
  readonly stuck: Cert;
}

/** From the signer's certificate upwards, depth first; a self-signed certificate that was given ends it. */
const search = (signer: Cert, helpers: readonly Cert[], roots: readonly Cert[]): Search => {
  let tried = 0;
  let stuck = signer;
  const climb = (way: readonly Cert[]): readonly Cert[] | null => {
    const top = way.at(-1) ?? signer;
    const root = roots.find((each) => each.fingerprint === top.fingerprint || isIssuedBy(top, each));
    if (root !== undefined) return root.fingerprint === top.fingerprint ? way : [...way, root];
    if (way.length > LONGEST) return null;
    if (way.length === 1 || stuck === signer) stuck = top;
    for (const next of helpers) {
      tried += 1;
      if (tried > MOST_TRIED) return null;
      if (way.some(({ fingerprint }) => fingerprint === next.fingerprint) || !isIssuedBy(top, next)) continue;
      const found = climb([...way, next]);
      if (found !== null) return found;
    }
    return null;
  };
  return { way: climb([signer]), stuck };
};

const REASONS: Readonly<Record<number, string>> = {
  1: 'key compromise',
  2: 'compromise of the authority',
  3: 'change of affiliation',
  4: 'superseded',
  5: 'cessation of operation',
  9: 'withdrawn privilege',
};
/** After these the key itself is suspect, whenever it was used (RFC 3161 section 4, point 1). */
const COMPROMISED: ReadonlySet<number | null> = new Set([null, 0, 1, 2]);

/** One certificate against the lists of its issuer. null = no usable list was given. */
const revocationOf = (
  cert: Cert,
  issuer: Cert,
  lists: readonly RevocationList[],
  at: Temporal.Instant,
): readonly Fault[] | null => {
  const usable = lists.filter(
    (list) =>
      list.issuerName.equals(issuer.subjectName) &&
      issuer.key !== null &&
      (issuer.keyUsage === null || (issuer.keyUsage & KEY_USAGE.crlSign) !== 0) &&
      ['right', 'weak'].includes(
        checkSignature(list.algorithm, null, issuer.key, list.signed, list.signature),
      ),
  );
  if (usable.length === 0) return null;
  const entry = usable.map(({ revoked }) => revoked.get(cert.serial)).find((each) => each !== undefined);
  if (entry === undefined) {
    const covers = usable.some(({ thisUpdate }) => Temporal.Instant.compare(thisUpdate, at) >= 0);
    return covers
      ? []
      : [
          {
            kind: 'KEY_MISSING',
            message: `The revocation list given is older than the token: whether ${cert.subject} was revoked in between is not known.`,
          },
        ];
  }
  const because = REASONS[entry.reason ?? 0] ?? 'no reason stated';
  if (Temporal.Instant.compare(entry.at, at) <= 0)
    return [
      invalid(
        `The certificate of ${cert.subject} had been revoked at ${plain(entry.at)} (${because}), before the time in the token.`,
      ),
    ];
  return COMPROMISED.has(entry.reason)
    ? [
        {
          kind: 'SIGNATURE_INVALID',
          verdict: 'UNVERIFIABLE',
          message: `The certificate of ${cert.subject} was revoked at ${plain(entry.at)} (${because}), after the time in the token: whoever had the key then could have made the token with an earlier time.`,
        },
      ]
    : [];
};

export interface ChainAnswer {
  readonly faults: readonly Fault[];
  /** From the signer to the root; null where there is no way to one. */
  readonly way: readonly Cert[] | null;
  /** Whether revocation of every certificate below the root was looked up. */
  readonly revocationChecked: boolean;
}

const linkFaults = (way: readonly Cert[], at: Temporal.Instant): Fault[] => {
  const faults: Fault[] = [];
  for (const [i, cert] of way.entries()) {
    const isRoot = i === way.length - 1 && i > 0;
    const what =
      i === 0
        ? 'The certificate that signed it'
        : `${isRoot ? 'The root' : 'The certificate'} of ${cert.subject}`;
    const late = timeFault(cert, at, what);
    if (late !== null) faults.push(late);
    if (i > 0) faults.push(...caFaults(cert, what));
    if (i > 0 && cert.pathLength !== null && i - 1 > cert.pathLength)
      faults.push(invalid(`${what} allows fewer certificates below it than there are.`));
    if (cert.unknownCritical.length > 0)
      faults.push(
        missing(
          `${what} carries a critical extension that is not evaluated here: ${cert.unknownCritical.join(', ')}.`,
        ),
      );
    const bits =
      cert.key?.asymmetricKeyType === 'rsa' ? (cert.key.asymmetricKeyDetails?.modulusLength ?? 0) : null;
    if (bits !== null && bits < 2048) faults.push(weak(`${what} has an RSA key of only ${bits} bits.`));
  }
  return faults;
};

/**
 * @param helpers certificates that may stand between signer and root; none is trusted for being there
 * @param given certificates that the user gave: the self-signed ones among them are the roots
 */
export const checkChain = (
  signer: Cert,
  helpers: readonly Cert[],
  given: readonly Cert[],
  lists: readonly RevocationList[],
  at: Temporal.Instant,
): ChainAnswer => {
  const roots = given.filter(isSelfSigned);
  const { way, stuck } = search(signer, helpers, roots);
  if (way === null) {
    const why =
      given.length === 0
        ? 'No root certificate of the authority was given (--key)'
        : 'None of the certificates given leads to a root';
    const late = timeFault(signer, at, 'The certificate that signed it');
    return {
      faults: [
        missing(
          `${why}: the certificate of ${stuck.issuer} is missing. Until then anybody could have made the token.`,
        ),
        ...(late === null ? [] : [late]),
      ],
      way: null,
      revocationChecked: false,
    };
  }
  const faults = linkFaults(way, at);
  let checked = way.length > 1;
  for (const [i, cert] of way.slice(0, -1).entries()) {
    const issuer = way[i + 1];
    const answer = issuer === undefined ? null : revocationOf(cert, issuer, lists, at);
    if (answer === null) checked = false;
    else faults.push(...answer);
  }
  return { faults, way, revocationChecked: checked };
};
