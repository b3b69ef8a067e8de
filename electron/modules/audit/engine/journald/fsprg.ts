// The forward-secure key generator of journald's sealing: from the verification key to the HMAC key of any epoch.
import { checkPrimeSync, hash } from 'node:crypto';

const SECURITY_BITS = 1536;
const PRIME_BYTES = SECURITY_BITS / 2 / 8;
const STATE_BYTES = SECURITY_BITS / 8;
/** Squaring this often costs as much as one seek. */
const STEPS_LIKE_A_SEEK = 1500n;
const DOMAIN_P = 1;
const DOMAIN_Q = 2;
const DOMAIN_X = 3;

const toBigInt = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`);
const toBytes = (value: bigint, size: number): Buffer =>
  Buffer.from(value.toString(16).padStart(size * 2, '0'), 'hex');

/** det_randomize of fsprg.c: SHA-256 of seed, domain and counter, both 32 bits big-endian, as many blocks as are wanted. */
const expand = (seed: Buffer, domain: number, size: number): Buffer => {
  const input = Buffer.alloc(seed.length + 8);
  seed.copy(input);
  input.writeUInt32BE(domain, seed.length);
  const blocks: Buffer[] = [];
  for (let counter = 0; counter * 32 < size; counter += 1) {
    input.writeUInt32BE(counter, seed.length + 4);
    blocks.push(hash('sha256', input, 'buffer'));
  }
  return Buffer.concat(blocks).subarray(0, size);
};

/** The first prime that is 3 modulo 4 from a deterministic start on. */
const primeFrom = (seed: Buffer, domain: number): bigint => {
  const start = expand(seed, domain, PRIME_BYTES);
  start[0] = (start[0] as number) | 0xc0;
  start[PRIME_BYTES - 1] = (start[PRIME_BYTES - 1] as number) | 0x03;
  let candidate = toBigInt(start);
  while (!checkPrimeSync(candidate)) candidate += 4n;
  return candidate;
};

const power = (base: bigint, exponent: bigint, modulus: bigint): bigint => {
  let result = 1n;
  let square = base % modulus;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
};

/**
 * Seekable sequential key generator (Marson, Poettering: eprint 2013/397; systemd fsprg.c, 1536 bits): a number modulo
 * p·q that is squared once per epoch; who knows p and q can seek.
 */
export class SealKeys {
  readonly #p: bigint;
  readonly #q: bigint;
  readonly #n: bigint;
  readonly #inverse: bigint;
  readonly #first: bigint;
  readonly #state = Buffer.alloc(2 * STATE_BYTES + 8);
  #value: bigint;
  #epoch = 0n;

  /** `seed`: the 12 bytes of the verification key. Takes some milliseconds: the primes are searched. */
  constructor(seed: Buffer) {
    this.#p = primeFrom(seed, DOMAIN_P);
    this.#q = primeFrom(seed, DOMAIN_Q);
    this.#n = this.#p * this.#q;
    this.#inverse = power(this.#p, this.#q - 2n, this.#q);
    const start = expand(seed, DOMAIN_X, STATE_BYTES);
    start[0] = (start[0] as number) & 0x7f;
    this.#first = toBigInt(start) ** 2n % this.#n;
    this.#value = this.#first;
    toBytes(this.#n, STATE_BYTES).copy(this.#state);
  }

  /** The 32-byte HMAC key of an epoch, 0 or more. Cheapest in ascending order. */
  keyOf(epoch: bigint): Buffer {
    if (epoch < this.#epoch || epoch - this.#epoch > STEPS_LIKE_A_SEEK) this.#seek(epoch);
    while (this.#epoch < epoch) {
      this.#value = (this.#value * this.#value) % this.#n;
      this.#epoch += 1n;
    }
    toBytes(this.#value, STATE_BYTES).copy(this.#state, STATE_BYTES);
    this.#state.writeBigUInt64BE(epoch, 2 * STATE_BYTES);
    return expand(this.#state, 0, 32);
  }

  /** x^(2^epoch) modulo p and q each, put together by the Chinese remainder theorem. */
  #seek(epoch: bigint): void {
    const modulo = (prime: bigint): bigint => power(this.#first, power(2n, epoch, prime - 1n), prime);
    const atP = modulo(this.#p);
    const atQ = modulo(this.#q);
    const step = ((((atQ - atP) % this.#q) + this.#q) * this.#inverse) % this.#q;
    this.#value = this.#p * step + atP;
    this.#epoch = epoch;
  }
}
