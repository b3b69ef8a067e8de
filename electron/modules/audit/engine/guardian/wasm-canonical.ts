// The canonicaliser in WebAssembly: the same answers as its TypeScript twin in less than half the time.
import { type Canonicaliser, CanonicalWriter, type MemberSpan, numberText } from './byte-canonical.ts';
import { CANONICAL_WASM } from './wasm/canonical-module.ts';

/** The part of the runtime that is used; neither Node's types nor the language's have it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly host: { number(start: number, end: number, to: number): number } },
  ) => { readonly exports: unknown };
};

/** What the module exports: all of it numbers, positions in its memory. */
interface CanonicalExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  inputAt(): number;
  inputCapacity(): number;
  outputAt(): number;
  spansAt(): number;
  nameAt(i: number): number;
  setName(i: number, length: number): void;
  setNames(all: number, excluded: number): void;
  read(size: number): number;
}

/** Bytes that a name may have in the module's memory, and how many names there may be. */
const NAME_BYTES = 60;
const MOST_NAMES = 16;

let compiled: object | null = null;

const instantiate = (): { module: CanonicalExports; memory: Buffer } => {
  compiled ??= new WebAssembly.Module(Buffer.from(CANONICAL_WASM, 'base64'));
  let memory: Buffer = Buffer.alloc(0);
  const host = {
    number: (start: number, end: number, to: number): number =>
      memory.write(numberText(memory.toString('latin1', start, end)), to, 'latin1'),
  };
  const { exports } = new WebAssembly.Instance(compiled, { host });
  const module = exports as CanonicalExports;
  memory = Buffer.from(module.memory.buffer);
  return { module, memory };
};

/** Records longer than the module's input go to the twin, as does every one of which the module isn't sure. */
export class WasmCanonicalWriter implements Canonicaliser {
  readonly spans: readonly MemberSpan[];
  readonly watched: MemberSpan = { kind: 0, start: 0, end: 0 };
  readonly #module: CanonicalExports;
  readonly #memory: Buffer;
  readonly #found: Int32Array;
  readonly #input: number;
  readonly #capacity: number;
  readonly #output: number;
  readonly #all: readonly MemberSpan[];
  #size = 0;

  /** As for {@link CanonicalWriter}. @throws RangeError where the names don't fit the module's memory. */
  constructor(excluded: readonly string[], watched: string) {
    const names = [...excluded, watched].map((name) => Buffer.from(name));
    if (names.length > MOST_NAMES || names.some((name) => name.length > NAME_BYTES))
      throw new RangeError('too many or too long names for the module');
    const { module, memory } = instantiate();
    for (const [i, name] of names.entries()) {
      name.copy(memory, module.nameAt(i));
      module.setName(i, name.length);
    }
    module.setNames(names.length, excluded.length);
    this.spans = excluded.map(() => ({ kind: 0, start: 0, end: 0 }));
    this.#all = [...this.spans, this.watched];
    this.#module = module;
    this.#memory = memory;
    this.#input = module.inputAt();
    this.#capacity = module.inputCapacity();
    this.#output = module.outputAt();
    this.#found = new Int32Array(module.memory.buffer, module.spansAt(), names.length * 3);
  }

  canonical(): Buffer {
    return this.#memory.subarray(this.#output, this.#output + this.#size);
  }

  read(bytes: Buffer, start: number, end: number): boolean {
    if (end - start > this.#capacity) return false;
    bytes.copy(this.#memory, this.#input, start, end);
    this.#size = this.#module.read(end - start);
    if (this.#size < 0) return false;
    const found = this.#found;
    const all = this.#all;
    for (let i = 0, at = 0; i < all.length; i += 1, at += 3) {
      const span = all[i] as MemberSpan;
      span.kind = found[at] as number;
      span.start = start + (found[at + 1] as number);
      span.end = start + (found[at + 2] as number);
    }
    return true;
  }
}

/** The module first, its twin where the module is not sure. */
class TwinCanonicaliser implements Canonicaliser {
  readonly #fast: WasmCanonicalWriter;
  readonly #sure: CanonicalWriter;
  #last: Canonicaliser;

  constructor(excluded: readonly string[], watched: string) {
    this.#fast = new WasmCanonicalWriter(excluded, watched);
    this.#sure = new CanonicalWriter(excluded, watched);
    this.#last = this.#fast;
  }

  get spans(): readonly MemberSpan[] {
    return this.#last.spans;
  }

  get watched(): MemberSpan {
    return this.#last.watched;
  }

  canonical(): Buffer {
    return this.#last.canonical();
  }

  read(bytes: Buffer, start: number, end: number): boolean {
    this.#last = this.#fast;
    if (this.#fast.read(bytes, start, end)) return true;
    this.#last = this.#sure;
    return this.#sure.read(bytes, start, end);
  }
}

/** The fastest canonicaliser that this machine runs: WebAssembly with SIMD, else TypeScript alone. */
export const canonicaliser = (excluded: readonly string[], watched: string): Canonicaliser => {
  try {
    return new TwinCanonicaliser(excluded, watched);
  } catch {
    // No SIMD, no executable memory, or names that don't fit: the twin gives the same answers.
    return new CanonicalWriter(excluded, watched);
  }
};
