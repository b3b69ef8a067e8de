// Counts the events of a CloudTrail log file without parsing it: a scan of its bytes that can be fed in pieces.

const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
/** `"Records"` without its quotes. */
const RECORDS = [0x52, 0x65, 0x63, 0x6f, 0x72, 0x64, 0x73] as const;

/** Counts the objects that stand directly in the top-level array `Records`. Meant for content whose hash is known good. */
export class RecordCounter {
  count = 0;
  #depth = 0;
  #inString = false;
  /** The last byte was a backslash inside a string. */
  #escaped = false;
  #inRecords = false;
  /** Letters of `Records` matched by the current top-level string, -1 = another string. */
  #matched = -1;
  #keyIsRecords = false;

  push(bytes: Uint8Array): void {
    const { length } = bytes;
    let at = 0;
    while (at < length) {
      if (this.#inString) at = this.#depth === 1 ? this.#topString(bytes, at) : this.#skipString(bytes, at);
      else at = this.#structure(bytes, at);
    }
  }

  /** Nearly all bytes of a log are inside such strings: this loop is the cost of counting. */
  #skipString(bytes: Uint8Array, from: number): number {
    const { length } = bytes;
    let at = from;
    if (this.#escaped) {
      this.#escaped = false;
      at += 1;
    }
    while (at < length) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        this.#inString = false;
        return at + 1;
      }
      at += byte === BACKSLASH ? 2 : 1;
    }
    // A backslash as the last byte: what it escapes comes with the next piece.
    this.#escaped = at > length;
    return length;
  }

  /** A string at the top level may be the key `Records`. */
  #topString(bytes: Uint8Array, from: number): number {
    for (let at = from; at < bytes.length; at += 1) {
      const byte = bytes[at];
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) {
        this.#inString = false;
        this.#keyIsRecords = this.#matched === RECORDS.length;
        return at + 1;
      }
      if (this.#matched >= 0) this.#matched = byte === RECORDS[this.#matched] ? this.#matched + 1 : -1;
    }
    return bytes.length;
  }

  #structure(bytes: Uint8Array, from: number): number {
    const { length } = bytes;
    let depth = this.#depth;
    let at = from;
    for (; at < length; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) {
        this.#inString = true;
        this.#matched = 0;
        at += 1;
        break;
      }
      if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        if (depth === 1) this.#inRecords = byte === OPEN_BRACKET && this.#keyIsRecords;
        else if (depth === 2 && byte === OPEN_BRACE && this.#inRecords) this.count += 1;
        depth += 1;
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        depth -= 1;
      } else if (depth === 1 && byte > SPACE && byte !== COLON) {
        this.#keyIsRecords = false;
      }
    }
    this.#depth = depth;
    return at;
  }
}
