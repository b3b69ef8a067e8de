// The signer's certificate: who issued it, and whether it was valid when the log took the entry in.
import { X509Certificate } from 'node:crypto';
import type { Finding } from '../../../../../shared/model/verdict.ts';
import { instantOf } from '../signed-note/judge-note.ts';
import { isWithin } from './trust.ts';
import type { Authority, Trust, Window } from './trust.ts';

interface At {
  readonly index: number;
  readonly path: string;
}

const secondsOf = (text: string): number => Date.parse(text) / 1000;
const validityOf = (certificate: X509Certificate): Window => ({
  start: secondsOf(certificate.validFrom),
  end: secondsOf(certificate.validTo),
});

const isIssuedBy = (certificate: X509Certificate, issuer: X509Certificate): boolean =>
  certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);

const certificateOf = (der: Buffer): X509Certificate | null => {
  try {
    return new X509Certificate(der);
  } catch {
    return null;
  }
};

/** The authority whose chain the certificate continues, at a time where all of it is valid. */
const authorityOf = (
  certificate: X509Certificate,
  between: readonly X509Certificate[],
  authorities: readonly Authority[],
  time: number | null,
): { readonly issuer: Authority | null; readonly inTime: boolean } => {
  let issuer: Authority | null = null;
  for (const authority of authorities) {
    // The issuer is one of the authority's certificates, or one of the bundle's that these issued.
    const anchors = authority.chain;
    const bridge = between.filter((each) => anchors.some((anchor) => isIssuedBy(each, anchor)));
    const found = [...anchors, ...bridge].find((each) => isIssuedBy(certificate, each));
    if (found === undefined) continue;
    issuer = authority;
    const windows = [authority.valid, ...anchors.map(validityOf), validityOf(found)];
    if (time === null || windows.every((window) => isWithin(time, window))) return { issuer, inTime: true };
  }
  return { issuer, inTime: false };
};

/**
 * @param certificates DER, the signer's first.
 * @param time Seconds since 1970 that a log or timestamp authority vouches for; null = none.
 */
export const checkCertificate = (
  certificates: readonly Buffer[],
  time: number | null,
  trust: Trust,
  at: At,
): { readonly findings: readonly Finding[]; readonly proves: readonly string[] } => {
  const findings: Finding[] = [];
  const invalid = (message: string): void => {
    findings.push({ kind: 'SIGNATURE_INVALID', verdict: 'TAMPERED', ...at, message });
  };
  const read = certificates.map(certificateOf);
  const [certificate, ...others] = read;
  if (certificate === undefined) return { findings, proves: [] };
  if (certificate === null || read.includes(null)) {
    const message = 'A certificate in the bundle can not be read.';
    return { findings: [{ kind: 'MALFORMED', verdict: 'UNVERIFIABLE', ...at, message }], proves: [] };
  }
  const between = others.filter((each) => each !== null);
  if (between.some((each) => isIssuedBy(each, each))) {
    const message =
      'The bundle brings its own root certificate, which it must not: a root has to come from elsewhere.';
    findings.push({ kind: 'MALFORMED', verdict: 'UNVERIFIABLE', ...at, message });
  }
  const window = validityOf(certificate);
  if (time !== null && !isWithin(time, window))
    invalid(
      `The signer’s certificate was valid from ${instantOf(window.start) ?? ''} to ${instantOf(window.end ?? 0) ?? ''}, and the entry was made at ${instantOf(time) ?? ''}.`,
    );
  const proves: string[] = [];
  if (trust.authorities.length === 0) return { findings, proves };
  const { issuer, inTime } = authorityOf(certificate, between, trust.authorities, time);
  if (issuer === null) {
    const message =
      'None of the certificate authorities in the trusted root issued the signer’s certificate.';
    findings.push({ kind: 'KEY_MISSING', verdict: 'UNVERIFIABLE', ...at, message });
  } else if (!inTime) {
    invalid('The authority that issued the signer’s certificate was not to be trusted at that time.');
  } else {
    const name = (certificate.subjectAltName ?? certificate.subject).slice(0, 300);
    proves.push(`A trusted authority issued the signer’s certificate to ${name}.`);
  }
  return { findings, proves };
};
