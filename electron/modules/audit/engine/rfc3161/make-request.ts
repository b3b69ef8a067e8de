// Makes requests for timestamps (RFC 3161 section 2.4.1), and responses in the form that stock tools read.
import { randomBytes } from 'node:crypto';
import { readElement } from './der.ts';
import { readTimestampFile, unwrapped } from './read-token.ts';

/** All elements here are shorter than 128 bytes, so a length is one byte. */
const element = (tag: number, ...content: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.of(tag, body.length), body]);
};

const SHA256 = Buffer.from('300d06096086480165030402010500', 'hex');
const ONE = Buffer.of(1);

/**
 * @param digest SHA-256 of what is to be stamped, 32 bytes
 * @param nonce eight bytes, which tie the answer to this request; the two top bits of the first are set to 01
 */
export const timestampRequest = (digest: Uint8Array, nonce: Uint8Array = randomBytes(8)): Buffer => {
  // The first bit clear and the first byte not zero: a positive number in its shortest form.
  const number = Buffer.from(nonce);
  number[0] = ((number[0] ?? 0) & 0x7f) | 0x40;
  return element(
    0x30,
    element(0x02, ONE),
    element(0x30, SHA256, element(0x04, digest)),
    element(0x02, number),
    element(0x01, Buffer.of(0xff)),
  );
};

/**
 * The response (TimeStampResp, DER) of a file that may be PEM, base64 or a bare token: a bare one gets the status granted.
 * @throws DerFault
 */
export const timestampResponse = (file: Uint8Array): Uint8Array => {
  const read = readTimestampFile(file);
  const { der } = unwrapped(file);
  const whole = der.subarray(0, readElement(der, 0, der.length).end);
  if (read.kind !== 'token' || read.token.status !== null) return whole;
  const granted = element(0x30, element(0x02, Buffer.of(0)));
  const body = Buffer.concat([granted, whole]);
  const head = Buffer.alloc(6);
  head.writeUInt8(0x30, 0);
  // The shortest form: as many bytes as the length needs.
  const bytes = body.length < 0x80 ? 0 : body.length < 0x100 ? 1 : body.length < 0x1_0000 ? 2 : 3;
  if (bytes === 0) head.writeUInt8(body.length, 1);
  else {
    head.writeUInt8(0x80 + bytes, 1);
    head.writeUIntBE(body.length, 2, bytes);
  }
  return Buffer.concat([head.subarray(0, 2 + bytes), body]);
};
