// One line of a syslog-ng secure log: `counter:body` in base64, maybe behind a prefix that the destination's template wrote.

export interface SlogLine {
  /** Bytes of text before the counter: not protected. */
  readonly prefix: string;
  /** Number of the entry; null when its eight bytes can't be read, or hold more than 2^53. */
  readonly counter: number | null;
  /** IV, tag and ciphertext as they are decoded. */
  readonly body: Buffer;
  /** The base64 text is the only one for these bytes: no bit was changed that decoding drops. */
  readonly isCanonical: boolean;
}

export const IV_BYTES = 12;
export const TAG_BYTES = 16;
const COUNTER_CHARS = 12;
/** Twelve characters, a colon, then nothing but base64 to the end. */
const COUNTER = /[A-Za-z0-9+/]{11}=:(?=[A-Za-z0-9+/=]+$)/u;
/** The same with damage: a colon at its place, and nearly all of what follows is base64. */
const LOOSE = /^.{12}:[!-~]{30,}$/u;

const body = (text: string): { body: Buffer; isCanonical: boolean } => {
  const bytes = Buffer.from(text, 'base64');
  return { body: bytes, isCanonical: bytes.toString('base64') === text };
};

const counterOf = (text: string): number | null => {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== 8) return null;
  const value = bytes.readBigUInt64LE();
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : null;
};

/** null for a line that is no secure log line, e.g. clear text. */
export const parseSlogLine = (text: string): SlogLine | null => {
  const trimmed = text.trimEnd();
  const match = COUNTER.exec(trimmed);
  const at = match?.index ?? (LOOSE.test(trimmed) ? 0 : -1);
  if (at < 0) return null;
  const counter = trimmed.slice(at, at + COUNTER_CHARS);
  const decoded = body(trimmed.slice(at + COUNTER_CHARS + 1));
  if (decoded.body.length <= IV_BYTES + TAG_BYTES) return null;
  const isCanonical = decoded.isCanonical && Buffer.from(counter, 'base64').toString('base64') === counter;
  return { prefix: trimmed.slice(0, at), counter: counterOf(counter), body: decoded.body, isCanonical };
};
