// RFC 3161 timestamps in a bundle: they stand in for the time that a Rekor v2 log no longer states.
import type { Finding } from '../../../../../shared/model/verdict.ts';
import { AppError } from '../../../../../shared/errors/app-error.ts';
import { createHash } from 'node:crypto';
import { readTrustMaterial } from '../rfc3161/certificates.ts';
import { checkToken } from '../rfc3161/check-token.ts';
import { DerFault } from '../rfc3161/der.ts';
import { digestOf } from '../rfc3161/algorithms.ts';
import { readTimestampFile } from '../rfc3161/read-token.ts';
import type { Token } from '../rfc3161/read-token.ts';
import { isWithin } from './trust.ts';
import type { Trust } from './trust.ts';

export interface Stamp {
  readonly findings: readonly Finding[];
  /** Seconds since 1970, where a trusted authority vouches for it. */
  readonly time: number | null;
}

interface At {
  readonly index: number;
  readonly path: string;
}

const tokenOf = (der: Buffer): Token | string => {
  try {
    const file = readTimestampFile(der);
    return file.kind === 'token' ? file.token : 'it is no token';
  } catch (error) {
    if (error instanceof DerFault || error instanceof AppError) return error.message;
    throw error;
  }
};

/** Checks one token over the bundle's signature. */
export const checkStamp = (der: Buffer, signature: Buffer, trust: Trust, at: At): Stamp => {
  const token = tokenOf(der);
  const fault = (message: string): Stamp => ({
    findings: [{ kind: 'SIGNATURE_INVALID', verdict: 'TAMPERED', ...at, message }],
    time: null,
  });
  if (typeof token === 'string') {
    const message = `A timestamp in the bundle can not be read: ${token}.`;
    return { findings: [{ kind: 'MALFORMED', verdict: 'UNVERIFIABLE', ...at, message }], time: null };
  }
  const { imprint, genTime } = token.info;
  const digest = digestOf(imprint.algorithm)?.name;
  if (digest === undefined) return fault('The timestamp uses a digest that is not known.');
  if (createHash(digest).update(signature).digest('hex') !== imprint.hex)
    return fault('The timestamp in the bundle is of something else than its signature.');
  const time = Math.floor(genTime.epochMilliseconds / 1000);
  const chains = trust.timestampChains;
  if (chains.length === 0) {
    const message =
      'The certificates of the timestamp authority are needed to check the time in the bundle (a trusted_root.json).';
    return { findings: [{ kind: 'KEY_MISSING', verdict: 'UNVERIFIABLE', ...at, message }], time: null };
  }
  const checks = chains.map(({ certificates, valid }) => ({
    check: checkToken(
      token,
      readTrustMaterial(certificates.map((bytes) => ({ name: 'trusted root', bytes }))),
    ),
    isInTime: valid === null || isWithin(time, valid),
  }));
  const good = checks.find(({ check, isInTime }) => check.trusted && isInTime);
  if (good !== undefined) return { findings: [], time };
  if (checks.some(({ check }) => check.trusted))
    return fault('The timestamp lies outside the time for which its authority is trusted.');
  const faults = checks[0]?.check.faults.filter(({ verdict }) => verdict !== undefined) ?? [];
  return {
    findings: faults.map((each) => ({ ...each, ...at, message: `Timestamp in the bundle: ${each.message}` })),
    time: null,
  };
};
