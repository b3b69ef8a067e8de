// The key of an Acra audit log from whatever it was kept in, and the chain of MACs that it makes.
import { createHmac, hash } from 'node:crypto';
import type { KeyFile } from '../format.ts';

export interface AcraKey {
  readonly name: string;
  readonly bytes: Buffer;
}

const MAX_BYTES = 64 * 1024;
const SETTING = /^\s*(?:export\s+)?[A-Za-z_][A-Za-z0-9_.-]*\s*[=:]\s*["']?([^"'\s]+)["']?\s*$/gmu;

const formsOf = (text: string): Buffer[] => {
  const forms: Buffer[] = [Buffer.from(text)];
  if (/^(?:[0-9a-f]{2})+$/iu.test(text)) forms.push(Buffer.from(text, 'hex'));
  if (/^[A-Za-z0-9+/_-]+={0,2}$/u.test(text) && text.length >= 16) forms.push(Buffer.from(text, 'base64'));
  return forms;
};

/** Every reading of every file: raw bytes, its text without line end, hex, base64, and `NAME=value` lines. 256 at most. */
export const readAcraKeys = (files: readonly KeyFile[]): readonly AcraKey[] => {
  const unique = new Map<string, AcraKey>();
  for (const { name, bytes } of files) {
    if (bytes.length === 0 || bytes.length > MAX_BYTES) continue;
    const text = Buffer.from(bytes).toString('utf8').trim();
    const settings = [...text.matchAll(SETTING)].flatMap(([, value = '']) => formsOf(value));
    for (const form of [Buffer.from(bytes), ...formsOf(text), ...settings]) {
      const id = form.toString('hex');
      if (form.length > 0 && !unique.has(id) && unique.size < 256) unique.set(id, { name, bytes: form });
    }
  }
  return [...unique.values()];
};

const sha256 = (bytes: Buffer): Buffer => hash('sha256', bytes, 'buffer');

/** Key and last MAC between two lines (audit_log.go, LogEntryIntegrityCalculator). */
export class ChainState {
  readonly #of: AcraKey;
  #key: Buffer;
  #mac: Buffer | null = null;

  constructor(key: AcraKey) {
    this.#of = key;
    this.#key = sha256(key.bytes);
  }

  /** The state before the first line of a chain. */
  fresh(): ChainState {
    return new ChainState(this.#of);
  }

  reset(): void {
    this.#key = sha256(this.#of.bytes);
    this.#mac = null;
  }

  /** The integrity value that a line with these bytes would have here, and what follows if it is the next one. */
  try(raw: Buffer): { readonly integrity: string; readonly take: () => void } {
    const hmac = createHmac('sha256', this.#key).update(raw);
    if (this.#mac !== null) hmac.update(this.#mac);
    const mac = hmac.digest();
    return {
      integrity: hash('sha256', mac),
      take: () => {
        this.#mac = mac;
        this.#key = sha256(this.#key);
      },
    };
  }
}
