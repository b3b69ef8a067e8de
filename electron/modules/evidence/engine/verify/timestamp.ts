// Looks at an RFC 3161 timestamp without trusting it: is it one, was it granted, and is it over this tag manifest?
import { createHash } from 'node:crypto';
import { fromBER } from 'asn1js';
import { ContentInfo, SignedData, TimeStampResp, TSTInfo } from 'pkijs';
import { OID, exactBytes } from '../oids.ts';

const HASHES: Readonly<Record<string, string>> = {
  [OID.sha256]: 'sha256',
  [OID.sha384]: 'sha384',
  [OID.sha512]: 'sha512',
};

/** granted and grantedWithMods (RFC 3161 section 2.4.2). */
const GRANTED = [0, 1];

const readToken = (file: Uint8Array): { readonly status: number; readonly info: TSTInfo } | null => {
  try {
    const { offset, result } = fromBER(exactBytes(file));
    if (offset !== file.length) return null;
    const response = new TimeStampResp({ schema: result });
    const token: ContentInfo | undefined = response.timeStampToken;
    if (token?.contentType !== OID.signedData) return null;
    const content = new SignedData({ schema: token.content }).encapContentInfo;
    if (content.eContentType !== OID.timestampInfo || content.eContent === undefined) return null;
    return { status: response.status.status, info: TSTInfo.fromBER(content.eContent.getValue()) };
  } catch {
    return null;
  }
};

/**
 * What is certainly wrong with a timestamp: sentences, or none. None does not mean that it is right: the authority's
 * signature and its trust are not checked by this version.
 */
export const timestampFaults = (file: Uint8Array, content: Uint8Array): string[] => {
  const token = readToken(file);
  if (token === null) return ['it is not one RFC 3161 response with a timestamp'];
  const faults: string[] = [];
  if (!GRANTED.includes(token.status)) faults.push('the authority did not grant it');
  const { hashAlgorithm, hashedMessage } = token.info.messageImprint;
  const hash = HASHES[hashAlgorithm.algorithmId];
  if (hash === undefined) faults.push('its digest algorithm is not allowed');
  else if (!createHash(hash).update(content).digest().equals(hashedMessage.valueBlock.valueHexView))
    faults.push('it is over another tagmanifest-sha256.txt');
  return faults;
};
