// A strict reader of DER (X.690): definite lengths in their shortest form, inside their parent, low tag numbers; no recursion.

/** What is wrong with an encoding, and the byte where it shows. */
export class DerFault extends Error {
  readonly offset: number;
  /** `short` = it ends before its length says; `ber` = readable as BER, but not as DER. */
  readonly nature: 'short' | 'ber' | 'wrong';
  constructor(message: string, offset: number, nature: DerFault['nature'] = 'wrong') {
    super(message);
    this.offset = offset;
    this.nature = nature;
  }
}

/** One element. Positions are in the whole buffer, so that a fault can name its byte. */
export interface Element {
  readonly tag: number;
  readonly whole: Buffer;
  /** First byte of tag, first byte of content, byte after the content. */
  readonly start: number;
  readonly body: number;
  readonly end: number;
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octets: 0x04,
  oid: 0x06,
  enumerated: 0x0a,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Constructed context tag, `[n]`. */
export const context = (n: number): number => 0xa0 | n;

/** More elements in one list than any token, certificate or revocation list holds. */
const MOST_ELEMENTS = 200_000;

/** @throws DerFault */
export const readElement = (whole: Buffer, start: number, limit: number): Element => {
  const tag = whole[start];
  const first = whole[start + 1];
  if (start + 2 > limit || tag === undefined || first === undefined)
    throw new DerFault('an element begins where its parent ends', start, 'short');
  if ((tag & 0x1f) === 0x1f) throw new DerFault('a tag number above 30 stands where none is known', start);
  if (first < 0x80) return ended({ tag, whole, start, body: start + 2, end: start + 2 + first }, limit);
  if (first === 0x80)
    throw new DerFault('a length is indefinite: this is BER, and DER is asked for', start, 'ber');
  const count = first & 0x7f;
  if (count > 4 || start + 2 + count > limit)
    throw new DerFault('a length is longer than any file', start, count > 4 ? 'wrong' : 'short');
  const length = whole.readUIntBE(start + 2, count);
  if (length < 0x80 || whole[start + 2] === 0)
    throw new DerFault(
      'a length is not in its shortest form: this is BER, and DER is asked for',
      start,
      'ber',
    );
  return ended({ tag, whole, start, body: start + 2 + count, end: start + 2 + count + length }, limit);
};

const ended = (element: Element, limit: number): Element => {
  if (element.end <= limit) return element;
  throw new DerFault('a length reaches beyond the end of what it is part of', element.start, 'short');
};

export const contentOf = ({ whole, body, end }: Element): Buffer => whole.subarray(body, end);
/** With tag and length. */
export const encodingOf = ({ whole, start, end }: Element): Buffer => whole.subarray(start, end);

/** @throws DerFault */
export const childrenOf = (element: Element): readonly Element[] => {
  const list: Element[] = [];
  for (let at = element.body; at < element.end;) {
    const child = readElement(element.whole, at, element.end);
    list.push(child);
    if (list.length > MOST_ELEMENTS) throw new DerFault('a list is longer than any that is known', at);
    at = child.end;
  }
  return list;
};

/** Walks the children of one element in their order. */
export class Fields {
  readonly #parent: Element;
  readonly #list: readonly Element[];
  #next = 0;

  /** @throws DerFault when `parent` is no such element. */
  constructor(parent: Element, tag: number = TAG.sequence) {
    if (parent.tag !== tag)
      throw new DerFault(
        `an element has the tag ${shownTag(parent.tag)} instead of ${shownTag(tag)}`,
        parent.start,
      );
    this.#parent = parent;
    this.#list = childrenOf(parent);
  }

  /** The next element if it has that tag. */
  optional(tag: number): Element | null {
    const element = this.#list[this.#next];
    if (element?.tag !== tag) return null;
    this.#next += 1;
    return element;
  }

  /** @throws DerFault */
  need(tag: number): Element {
    const found = this.optional(tag);
    if (found !== null) return found;
    const next = this.#list[this.#next];
    throw next === undefined
      ? new DerFault('an element that must be there is missing', this.#parent.end)
      : new DerFault(`an element has the tag ${shownTag(next.tag)} instead of ${shownTag(tag)}`, next.start);
  }

  /** Whatever comes next. @throws DerFault */
  any(): Element {
    const element = this.#list[this.#next];
    if (element === undefined)
      throw new DerFault('an element that must be there is missing', this.#parent.end);
    this.#next += 1;
    return element;
  }

  get left(): boolean {
    return this.#next < this.#list.length;
  }

  /** @throws DerFault when something is left. */
  done(): void {
    const extra = this.#list[this.#next];
    if (extra !== undefined)
      throw new DerFault(`an element with the tag ${shownTag(extra.tag)} has no place here`, extra.start);
  }
}

const shownTag = (tag: number): string => `0x${tag.toString(16).padStart(2, '0')}`;

/** The one element inside an explicit tag. @throws DerFault */
export const insideOf = (element: Element): Element => {
  const inner = readElement(element.whole, element.body, element.end);
  if (inner.end !== element.end) throw new DerFault('bytes follow the content of a tag', inner.end);
  return inner;
};

/** Longer identifiers and numbers are none that anybody uses, and slow to put into words; in bytes. */
const LONGEST_OID = 64;
const LONGEST_NUMBER = 64;

/** Dotted form. @throws DerFault */
export const oidOf = (element: Element): string => {
  const bytes = contentOf(element);
  const last = bytes.at(-1);
  if (element.tag !== TAG.oid || last === undefined || (last & 0x80) !== 0)
    throw new DerFault('an object identifier is not complete', element.start);
  if (bytes.length > LONGEST_OID) throw new DerFault('an object identifier is too long', element.start);
  const arcs: bigint[] = [];
  let value = 0n;
  let isFirst = true;
  for (const byte of bytes) {
    if (isFirst && byte === 0x80)
      throw new DerFault('an object identifier is not in its shortest form', element.start, 'ber');
    value = (value << 7n) | BigInt(byte & 0x7f);
    isFirst = (byte & 0x80) === 0;
    if (!isFirst) continue;
    arcs.push(value);
    value = 0n;
  }
  const joint = arcs[0] ?? 0n;
  const top = joint < 40n ? 0n : joint < 80n ? 1n : 2n;
  return [top, joint - top * 40n, ...arcs.slice(1)].join('.');
};

/** An INTEGER or ENUMERATED. @throws DerFault */
export const integerOf = (element: Element): bigint => {
  const bytes = contentOf(element);
  const [first, second] = bytes;
  if (first === undefined) throw new DerFault('a number has no bytes', element.start);
  if (bytes.length > LONGEST_NUMBER) throw new DerFault('a number is too long', element.start);
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)))
    throw new DerFault('a number is not in its shortest form', element.start, 'ber');
  const value = BigInt(`0x${bytes.toString('hex')}`);
  return first < 0x80 ? value : value - (1n << BigInt(bytes.length * 8));
};

/** @throws DerFault */
export const booleanOf = (element: Element): boolean => {
  const bytes = contentOf(element);
  if (element.tag !== TAG.boolean || bytes.length !== 1 || (bytes[0] !== 0 && bytes[0] !== 0xff))
    throw new DerFault('a truth value is neither true nor false', element.start, 'ber');
  return bytes[0] === 0xff;
};

const TIME = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?:\.(\d{0,8}[1-9]))?Z$/u;

/** UTCTime or GeneralizedTime, to the nanosecond. @throws DerFault */
export const timeOf = (element: Element): Temporal.Instant => {
  const text = contentOf(element).toString('latin1');
  const isShort = element.tag === TAG.utcTime;
  if (!isShort && element.tag !== TAG.generalizedTime)
    throw new DerFault('a time was expected', element.start);
  // RFC 5280 section 4.1.2.5.1: two-digit years from 50 on belong to the last century.
  const full = isShort ? `${Number(text.slice(0, 2)) >= 50 ? '19' : '20'}${text}` : text;
  const [, year, month, day, hour, minute, second, fraction] = TIME.exec(full) ?? [];
  if (year === undefined || (isShort && fraction !== undefined))
    throw new DerFault('a time is not in the form that DER asks for', element.start);
  try {
    const parts = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
    return Temporal.Instant.from(`${parts}${fraction === undefined ? '' : `.${fraction}`}Z`);
  } catch {
    throw new DerFault('a time names a moment that does not exist', element.start);
  }
};
