// The two hashes of journal objects: Jenkins lookup3, and SipHash-2-4 keyed with the file id. Check sums, not protection.

/** A 64-bit hash in two halves. */
export interface Hash64 {
  lo: number;
  hi: number;
}

const rot = (x: number, k: number): number => (x << k) | (x >>> (32 - k));

/** `hashlittle2` of lookup3.c with both seeds 0, as systemd's jenkins_hash64: first half high. Writes into `out`. */
export const jenkinsHash = (bytes: Buffer, start: number, end: number, out: Hash64): void => {
  let left = end - start;
  let at = start;
  let a = (0xdeadbeef + left) | 0;
  let b = a;
  let c = a;
  const word = (i: number): number =>
    (bytes[i] as number) |
    ((bytes[i + 1] as number) << 8) |
    ((bytes[i + 2] as number) << 16) |
    ((bytes[i + 3] as number) << 24);
  while (left > 12) {
    a = (a + word(at)) | 0;
    b = (b + word(at + 4)) | 0;
    c = (c + word(at + 8)) | 0;
    a = (a - c) ^ rot(c, 4);
    c = (c + b) | 0;
    b = (b - a) ^ rot(a, 6);
    a = (a + c) | 0;
    c = (c - b) ^ rot(b, 8);
    b = (b + a) | 0;
    a = (a - c) ^ rot(c, 16);
    c = (c + b) | 0;
    b = (b - a) ^ rot(a, 19);
    a = (a + c) | 0;
    c = (c - b) ^ rot(b, 4);
    b = (b + a) | 0;
    at += 12;
    left -= 12;
  }
  if (left > 0) {
    const tail = [0, 0, 0];
    for (let i = 0; i < left; i += 1) {
      tail[i >> 2] = (tail[i >> 2] as number) | ((bytes[at + i] as number) << ((i & 3) * 8));
    }
    a = (a + (tail[0] as number)) | 0;
    b = (b + (tail[1] as number)) | 0;
    c = (c + (tail[2] as number)) | 0;
    c = (c ^ b) - rot(b, 14);
    a = (a ^ c) - rot(c, 11);
    b = (b ^ a) - rot(a, 25);
    c = (c ^ b) - rot(b, 16);
    a = (a ^ c) - rot(c, 4);
    b = (b ^ a) - rot(a, 14);
    c = (c ^ b) - rot(b, 24);
  }
  out.hi = c >>> 0;
  out.lo = b >>> 0;
};

/**
 * SipHash-2-4 (Aumasson, Bernstein 2012) with a 16-byte key; neither node:crypto nor noble offers it. The key is the
 * public file id, so that it serves as a check sum here.
 */
export const sipHash = (key: Buffer, bytes: Buffer, start: number, end: number, out: Hash64): void => {
  const k0l = key.readUInt32LE(0);
  const k0h = key.readUInt32LE(4);
  const k1l = key.readUInt32LE(8);
  const k1h = key.readUInt32LE(12);
  let v0l = (k0l ^ 0x70736575) >>> 0;
  let v0h = (k0h ^ 0x736f6d65) >>> 0;
  let v1l = (k1l ^ 0x6e646f6d) >>> 0;
  let v1h = (k1h ^ 0x646f7261) >>> 0;
  let v2l = (k0l ^ 0x6e657261) >>> 0;
  let v2h = (k0h ^ 0x6c796765) >>> 0;
  let v3l = (k1l ^ 0x79746573) >>> 0;
  let v3h = (k1h ^ 0x74656462) >>> 0;
  const length = end - start;
  const full = length >>> 3;
  // Blocks, then the rest with the length in its last byte, then the finalisation.
  for (let step = 0; step <= full + 1; step += 1) {
    let ml = 0;
    let mh = 0;
    let rounds = 2;
    if (step < full) {
      const at = start + step * 8;
      ml =
        (bytes[at] as number) |
        ((bytes[at + 1] as number) << 8) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 24);
      mh =
        (bytes[at + 4] as number) |
        ((bytes[at + 5] as number) << 8) |
        ((bytes[at + 6] as number) << 16) |
        ((bytes[at + 7] as number) << 24);
    } else if (step === full) {
      const at = start + full * 8;
      const rest = length & 7;
      for (let i = 0; i < rest; i += 1) {
        if (i < 4) ml |= (bytes[at + i] as number) << (i * 8);
        else mh |= (bytes[at + i] as number) << ((i - 4) * 8);
      }
      mh |= (length & 0xff) << 24;
    } else {
      v2l = (v2l ^ 0xff) >>> 0;
      rounds = 4;
    }
    v3l = (v3l ^ ml) >>> 0;
    v3h = (v3h ^ mh) >>> 0;
    for (let round = 0; round < rounds; round += 1) {
      v0l = (v0l + v1l) >>> 0;
      v0h = (v0h + v1h + (v0l < v1l ? 1 : 0)) >>> 0;
      let turned = (v1h << 13) | (v1l >>> 19);
      v1l = (((v1l << 13) | (v1h >>> 19)) ^ v0l) >>> 0;
      v1h = (turned ^ v0h) >>> 0;
      turned = v0l;
      v0l = v0h;
      v0h = turned;
      v2l = (v2l + v3l) >>> 0;
      v2h = (v2h + v3h + (v2l < v3l ? 1 : 0)) >>> 0;
      turned = (v3h << 16) | (v3l >>> 16);
      v3l = (((v3l << 16) | (v3h >>> 16)) ^ v2l) >>> 0;
      v3h = (turned ^ v2h) >>> 0;
      v0l = (v0l + v3l) >>> 0;
      v0h = (v0h + v3h + (v0l < v3l ? 1 : 0)) >>> 0;
      turned = (v3h << 21) | (v3l >>> 11);
      v3l = (((v3l << 21) | (v3h >>> 11)) ^ v0l) >>> 0;
      v3h = (turned ^ v0h) >>> 0;
      v2l = (v2l + v1l) >>> 0;
      v2h = (v2h + v1h + (v2l < v1l ? 1 : 0)) >>> 0;
      turned = (v1h << 17) | (v1l >>> 15);
      v1l = (((v1l << 17) | (v1h >>> 15)) ^ v2l) >>> 0;
      v1h = (turned ^ v2h) >>> 0;
      turned = v2l;
      v2l = v2h;
      v2h = turned;
    }
    v0l = (v0l ^ ml) >>> 0;
    v0h = (v0h ^ mh) >>> 0;
  }
  out.lo = (v0l ^ v1l ^ v2l ^ v3l) >>> 0;
  out.hi = (v0h ^ v1h ^ v2h ^ v3h) >>> 0;
};

/** A 64-bit hash modulo a table size below 2^26 entries. */
export const hashModulo = (lo: number, hi: number, size: number): number =>
  size < 2 ** 26
    ? ((hi % size) * (0x1_0000_0000 % size) + lo) % size
    : Number((BigInt(hi) * 0x1_0000_0000n + BigInt(lo)) % BigInt(size));

/** 16 hex digits. */
export const hashHex = (lo: number, hi: number): string =>
  hi.toString(16).padStart(8, '0') + lo.toString(16).padStart(8, '0');
