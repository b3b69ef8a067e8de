// RFC 3161 timestamps against OpenSSL: what it accepts is intact, what it refuses is not, and each reason is named.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { FORMATS } from '../../../electron/modules/audit/engine/formats.ts';
import { detect } from '../../../electron/modules/audit/engine/detect.ts';
import { rfc3161 } from '../../../electron/modules/audit/engine/rfc3161/rfc3161.ts';
import { readTimestampFile } from '../../../electron/modules/audit/engine/rfc3161/read-token.ts';
import { DerFault } from '../../../electron/modules/audit/engine/rfc3161/der.ts';
import type { VerificationReport } from '../../../shared/model/verdict.ts';
import { memorySource, quietRun } from '../../fixtures/guardian/memory-source.ts';
import { Tsa, tstInfo, type Holder, type KeyKind } from '../../fixtures/timestamps/tsa.ts';
import { hasSamples, SHARED_DATA } from '../../support/shared-data.ts';

const tsa = new Tsa();
afterAll(() => tsa.remove());

interface Given {
  readonly keys?: readonly string[];
  readonly data?: readonly string[];
  readonly heads?: readonly string[];
}

const keyFiles = (paths: readonly string[]) =>
  paths.map((path) => ({ name: basename(path), bytes: readFileSync(path) }));

const verifyBytes = async (
  bytes: Uint8Array,
  given: Given,
  name = 'token.tsr',
): Promise<VerificationReport> => {
  const options = {
    trustedHeads: given.heads ?? [],
    keys: keyFiles(given.keys ?? []),
    data: (given.data ?? []).map((path) => memorySource(readFileSync(path), basename(path))),
  };
  return (await rfc3161.verify(memorySource(bytes, name), options, quietRun)).report;
};
const verify = (path: string, given: Given) => verifyBytes(readFileSync(path), given);
const kinds = (report: VerificationReport) =>
  report.findings.map(({ kind, verdict }) => `${kind} ${verdict ?? '-'}`);

const root = tsa.root('p256', 'root');
const authority = tsa.authority(root, 'p256', 'authority');
const data = tsa.file('the head of a log\n', 'head.txt');
const other = tsa.file('another head\n', 'other.txt');
const request = tsa.request(data, 'sha256');
const token = tsa.reply(authority, request);
const full = { keys: [root.cert], data: [data] };

describe('tokens of openssl ts', () => {
  const cases: readonly (readonly [KeyKind, KeyKind, string, string])[] = [
    ['rsa', 'rsa', 'sha256', 'sha1'],
    ['rsa', 'p256', 'sha384', 'sha256'],
    ['p384', 'p384', 'sha512', 'sha384'],
    ['p256', 'rsa', 'sha512', 'sha512'],
  ];
  it.each(cases)(
    'root %s, authority %s, %s, ESSCertID %s: intact, as OpenSSL says',
    async (rootKind, kind, digest, ess) => {
      const top = tsa.root(rootKind, `root-${rootKind}-${kind}-${digest}`);
      const signer = tsa.authority(top, kind, `tsa-${rootKind}-${kind}-${digest}`);
      const made = tsa.reply(signer, tsa.request(data, digest), { ess, md: digest });
      expect(tsa.accepts('ts', '-verify', '-data', data, '-in', made, '-CAfile', top.cert)).toBe(true);
      const report = await verify(made, { keys: [top.cert], data: [data] });
      expect(report).toMatchObject({
        verdict: 'INTACT',
        anchored: true,
        findings: [],
        format: 'rfc3161',
        records: 1,
      });
      expect(report.proves.join(' ')).toMatch(
        /existed at 2\d{3}-.*accuracy ±1\.5001 s.*policy 1\.2\.3\.4\.1; serial number \d+; nonce [0-9a-f]+; ordering by time is guaranteed/u,
      );
    },
  );

  it('flags SHA-1 as weak without calling the token wrong', async () => {
    const report = await verify(tsa.reply(authority, tsa.request(data, 'sha1')), full);
    expect(report.verdict).toBe('INTACT');
    expect(kinds(report)).toEqual(['WEAK_DIGEST -']);
    expect(report.coverage.weaknesses).toHaveLength(1);
  });

  it('follows an intermediate certificate, from the token or from the keys', async () => {
    const middle = tsa.issue(root, 'p256', 'middle', [
      'basicConstraints=critical,CA:TRUE,pathlen:0',
      'keyUsage=critical,keyCertSign,cRLSign',
    ]);
    const signer = tsa.authority(middle, 'rsa', 'below-middle');
    const bare = tsa.reply(signer, request);
    expect(kinds(await verify(bare, full))).toEqual(['KEY_MISSING UNVERIFIABLE']);
    expect((await verify(bare, { ...full, keys: [root.cert, middle.cert] })).verdict).toBe('INTACT');
    const bundle = tsa.file(Buffer.concat([tsa.read(middle), Buffer.from('text between\n'), tsa.read(root)]));
    expect((await verify(bare, { ...full, keys: [bundle] })).verdict).toBe('INTACT');
    expect((await verify(tsa.reply(signer, request, { chain: middle.cert }), full)).verdict).toBe('INTACT');
    const deeper = tsa.issue(middle, 'p256', 'deeper', [
      'basicConstraints=critical,CA:TRUE',
      'keyUsage=critical,keyCertSign',
    ]);
    const low = tsa.reply(tsa.authority(deeper, 'p256', 'too-deep'), request);
    expect(kinds(await verify(low, { ...full, keys: [root.cert, middle.cert, deeper.cert] }))).toEqual([
      'SIGNATURE_INVALID TAMPERED',
    ]);
  });

  it('reads roots in DER and in PKCS#7 bundles', async () => {
    const der = tsa.path('root.der');
    tsa.openssl('x509', '-in', root.cert, '-outform', 'DER', '-out', der);
    const bundle = tsa.path('root.p7b');
    tsa.openssl('crl2pkcs7', '-nocrl', '-certfile', root.cert, '-out', bundle);
    for (const key of [der, bundle])
      expect((await verify(token, { ...full, keys: [key] })).verdict).toBe('INTACT');
  });

  it('reads a bare token, PEM and base64', async () => {
    const bare = tsa.path('bare.tst');
    tsa.openssl('ts', '-reply', '-in', token, '-token_out', '-out', bare);
    expect((await verify(bare, full)).dialect).toContain('TimeStampToken');
    const base64 = readFileSync(token).toString('base64');
    const pem = `-----BEGIN TIMESTAMP RESPONSE-----\n${base64.replaceAll(/.{64}/gu, '$&\n')}\n-----END TIMESTAMP RESPONSE-----\n`;
    for (const text of [base64, `${base64.replaceAll(/.{76}/gu, '$&\r\n')}\r\n`, pem]) {
      expect((await detect(memorySource(text, 'x'), FORMATS))[0]).toMatchObject({ format: 'rfc3161' });
      expect((await verifyBytes(Buffer.from(text), full)).verdict).toBe('INTACT');
    }
  });
});

describe('what is missing is named', () => {
  it('the root, or the data, or both', async () => {
    const withoutRoot = await verify(token, { data: [data] });
    expect(withoutRoot.verdict).toBe('UNVERIFIABLE');
    expect(kinds(withoutRoot)).toEqual(['KEY_MISSING UNVERIFIABLE']);
    expect(withoutRoot.findings[0]?.message).toContain('CN=root');
    const withoutData = await verify(token, { keys: [root.cert] });
    expect(kinds(withoutData)).toEqual(['KEY_MISSING UNVERIFIABLE']);
    expect(withoutData.findings[0]?.message).toContain('--data');
    expect(kinds(await verify(token, {}))).toEqual(['KEY_MISSING UNVERIFIABLE', 'KEY_MISSING UNVERIFIABLE']);
  });

  it('the signer’s certificate, when the token does not carry it', async () => {
    const plain = tsa.path('nocert.tsq');
    tsa.openssl('ts', '-query', '-data', data, '-sha256', '-out', plain);
    const made = tsa.reply(authority, plain);
    expect(kinds(await verify(made, full))).toEqual(['KEY_MISSING UNVERIFIABLE']);
    expect((await verify(made, { ...full, keys: [root.cert, authority.cert] })).verdict).toBe('INTACT');
  });

  it('a token, when only the request or a refusal is there', async () => {
    expect(kinds(await verify(request, full))).toEqual(['KEY_MISSING UNVERIFIABLE']);
    const refused = tsa.reply(authority, tsa.request(data, 'sha256', '-tspolicy', '1.2.3.99'));
    const report = await verify(refused, full);
    expect(kinds(report)).toEqual(['KEY_MISSING UNVERIFIABLE']);
    expect(report.findings[0]?.message).toContain('rejection');
  });
});

describe('what is wrong is named', () => {
  it('other data, another head', async () => {
    expect(kinds(await verify(token, { ...full, data: [other] }))).toEqual(['LOG_HASH_MISMATCH TAMPERED']);
    expect(kinds(await verify(token, { keys: [root.cert], heads: ['ab'.repeat(32)] }))).toEqual([
      'HEAD_MISMATCH TAMPERED',
    ]);
    expect((await verify(token, { ...full, data: [other, data] })).verdict).toBe('INTACT');
  });

  it.each([
    ['as hex text', (head: string) => head],
    ['as a line', (head: string) => `${head}\n`],
    ['as bytes', (head: string) => Buffer.from(head, 'hex')],
    ['in capitals', (head: string) => head.toUpperCase()],
  ])('a trusted head that was stamped %s is recognised', async (_, form) => {
    const head = '5a'.repeat(31) + '0f';
    const made = tsa.reply(authority, tsa.request(tsa.file(form(head)), 'sha512'));
    expect((await verify(made, { keys: [root.cert], heads: [head] })).verdict).toBe('INTACT');
  });

  it('the request that it answers, and one that it does not', async () => {
    const good = await verify(token, { ...full, keys: [root.cert, request] });
    expect(good.verdict).toBe('INTACT');
    expect(good.proves.join(' ')).toContain('digest and nonce agree');
    const again = await verify(token, { ...full, keys: [root.cert, tsa.request(data, 'sha256')] });
    expect(kinds(again)).toEqual(['HEAD_MISMATCH TAMPERED']);
    expect(again.findings[0]?.message).toContain('nonce');
    const foreign = await verify(token, { ...full, keys: [root.cert, tsa.request(other, 'sha256')] });
    expect(foreign.findings[0]?.message).toContain('another digest');
  });

  const now = '20270101000000Z';
  const strange = (holder: Holder, ...more: readonly string[]) =>
    verify(tsa.sign(holder, tstInfo(readFileSync(data), now), ...more), full);
  it('a token by openssl cms with all its attributes is intact', async () => {
    expect((await strange(authority)).verdict).toBe('INTACT');
  });
  it.each([
    ['another purpose', 'critical,emailProtection'],
    ['a second purpose', 'critical,timeStamping,emailProtection'],
    ['the purpose not critical', 'timeStamping'],
  ])('a certificate with %s', async (words, eku) => {
    const report = await strange(tsa.authority(root, 'p256', words.replaceAll(' ', '-'), eku));
    expect(kinds(report)).toEqual(['SIGNATURE_INVALID TAMPERED']);
    expect(report.findings[0]?.message).toContain('timeStamping');
  });
  it('no signing-certificate attribute, and no signed attributes at all', async () => {
    expect(kinds(await strange(authority, '-nosmimecap'))).toEqual(['SIGNATURE_INVALID TAMPERED']);
    expect(kinds(await strange(authority, '-noattr'))).toContain('SIGNATURE_INVALID TAMPERED');
  });
  it.each(['20200101000000Z', '20990101000000Z'])(
    'a time outside the certificate’s validity: %s',
    async (time) => {
      const report = await verify(tsa.sign(authority, tstInfo(readFileSync(data), time)), full);
      expect(report.verdict).toBe('TAMPERED');
      expect(report.findings[0]?.message).toContain('was not valid at the time in the token');
    },
  );
  it('a root of the same name with another key is no root', async () => {
    const twin = new Tsa();
    try {
      const fake = twin.root('p256', 'root');
      const report = await verify(token, { keys: [fake.cert], data: [data] });
      expect(kinds(report)).toEqual(['KEY_MISSING UNVERIFIABLE']);
      expect(tsa.accepts('ts', '-verify', '-data', data, '-in', token, '-CAfile', fake.cert)).toBe(false);
    } finally {
      twin.remove();
    }
  });
  it('a certificate that its issuer revoked', async () => {
    const signer = tsa.authority(root, 'p256', 'revoked-one');
    const database = tsa.file('', 'index.txt');
    const config = tsa.file(
      `[ca]\ndefault_ca = c\n[c]\ndatabase = ${database}\ndefault_md = sha256\ndefault_crl_days = 30\nunique_subject = no\n`,
    );
    const list = (name: string): string => {
      const out = tsa.path(name);
      tsa.openssl('ca', '-config', config, '-gencrl', '-cert', root.cert, '-keyfile', root.key, '-out', out);
      return out;
    };
    const clean = list('clean.crl');
    const made = tsa.sign(signer, tstInfo(readFileSync(data), '20261201000000Z'));
    expect((await verify(made, { ...full, keys: [root.cert, clean] })).verdict).toBe('INTACT');
    tsa.openssl('ca', '-config', config, '-revoke', signer.cert, '-cert', root.cert, '-keyfile', root.key);
    const revoked = list('revoked.crl');
    const at = new Date().toISOString().replaceAll(/[-:T]/gu, '').slice(0, 8);
    const late = tsa.sign(signer, tstInfo(readFileSync(data), `${Number(at.slice(0, 4)) + 2}0101000000Z`));
    const report = await verify(late, { ...full, keys: [root.cert, revoked] });
    expect(kinds(report)).toEqual(['SIGNATURE_INVALID TAMPERED']);
    expect(report.findings[0]?.message).toContain('revoked');
  });
});

describe('hostile tokens', () => {
  const bytes = readFileSync(token);
  const facts = (raw: Uint8Array): string => {
    const read = readTimestampFile(raw);
    if (read.kind !== 'token') return read.kind;
    const { policy, imprint, serial, genTime, nonce } = read.token.info;
    return [policy, imprint.hex, serial, genTime.toString(), nonce].join(' ');
  };
  const genuine = facts(bytes);

  it('a change of any byte is found, or changes nothing that the token says', async () => {
    for (let at = 0; at < bytes.length; at += 1) {
      const altered = Buffer.from(bytes);
      altered[at] = (altered[at] ?? 0) ^ (1 << (at % 8));
      const report = await verifyBytes(altered, full);
      if (report.verdict === 'INTACT') expect([at, facts(altered)]).toEqual([at, genuine]);
      else expect(report.findings.length).toBeGreaterThan(0);
    }
  }, 60_000);

  it('a token cut at any byte is never intact and never crashes', async () => {
    for (let length = 1; length < bytes.length; length += 1) {
      const report = await verifyBytes(bytes.subarray(0, length), full);
      expect([length, report.verdict]).toEqual([length, 'TAMPERED']);
      expect(report.findings.map(({ kind }) => kind)).toContain('MALFORMED');
    }
  }, 60_000);

  it.each([
    ['an indefinite length', Buffer.from('3080300302010000000000', 'hex'), 'MALFORMED'],
    ['a padded length', Buffer.from('30810530030201 00'.replaceAll(' ', ''), 'hex'), 'MALFORMED'],
    ['a length of four gigabytes', Buffer.from('3084ffffffff30', 'hex'), 'MALFORMED'],
    ['a length of length beyond all', Buffer.from('30ff010203', 'hex'), 'MALFORMED'],
    ['nested sequences without end', Buffer.from('30'.repeat(50_000), 'hex'), 'MALFORMED'],
  ])('%s is malformed', async (_, raw, kind) => {
    const report = await verifyBytes(raw, full);
    expect(report.findings.map((finding) => finding.kind)).toContain(kind);
    expect(report.verdict).not.toBe('INTACT');
  });

  const tlv = (tag: number, body: Uint8Array): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length);
    return Buffer.concat([
      Buffer.of(tag),
      body.length < 128 ? length.subarray(3) : Buffer.concat([Buffer.of(0x83), length.subarray(1)]),
      body,
    ]);
  };
  const status = tlv(0x30, tlv(0x02, Buffer.of(0)));
  it.each([
    [
      'a number of a megabyte',
      tlv(0x30, Buffer.concat([tlv(0x30, tlv(0x02, Buffer.alloc(1_000_000, 0x7f))), status])),
    ],
    [
      'an identifier of a megabyte',
      tlv(
        0x30,
        Buffer.concat([
          status,
          tlv(0x30, tlv(0x06, Buffer.concat([Buffer.alloc(1_000_000, 0xff), Buffer.of(1)]))),
        ]),
      ),
    ],
    ['a million empty elements', tlv(0x30, Buffer.alloc(2_000_000, Buffer.of(0x05, 0x00)))],
    ['PEM that never ends', Buffer.from(`-----BEGIN CMS-----${' \n'.repeat(1_000_000)}!`)],
    ['base64 with spaces without end', Buffer.from(`MIIB${' '.repeat(2_000_000)}!`)],
  ])(
    '%s is malformed, without taking minutes',
    async (_, raw) => {
      const report = await verifyBytes(raw, { ...full, keys: [root.cert, tsa.file(raw)] });
      expect(report.findings.map(({ kind }) => kind)).toContain('MALFORMED');
    },
    30_000,
  );

  it('names out of certificates can not write to a terminal', async () => {
    const mean = new Tsa();
    try {
      const top = mean.root('p256', 'evil\u001b[2Jname\u202e');
      const made = mean.reply(mean.authority(top, 'p256', 'tsa'), mean.request(mean.file('x'), 'sha256'));
      const report = await verify(made, {});
      expect(report.findings[0]?.message).toContain('CN=evil');
      expect(JSON.stringify(report)).not.toMatch(/\\u001b|\u202e/u);
    } finally {
      mean.remove();
    }
  });

  it('bytes after the token are named', async () => {
    const report = await verifyBytes(Buffer.concat([bytes, Buffer.from('more')]), full);
    expect(kinds(report)).toEqual(['TRAILING_DATA UNVERIFIABLE']);
    expect(report.anchored).toBe(false);
  });

  it('any bytes give an answer or a fault that names its place', () => {
    const der = fc.array(fc.constantFrom(0x30, 0x31, 0x02, 0x06, 0x04, 0xa0, 0x80, 0x82, 0x00, 0x03, 0xff), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(
        fc.oneof(
          der.map((list) => Uint8Array.from(list)),
          fc.uint8Array({ maxLength: 300 }),
        ),
        (raw) => {
          try {
            return ['token', 'request', 'refusal'].includes(readTimestampFile(raw).kind);
          } catch (error) {
            return error instanceof DerFault && error.offset <= Math.max(raw.length, 1);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe.skipIf(!hasSamples('audit/rfc3161'))('the samples', () => {
  const at = (name: string) => `${SHARED_DATA}/audit/rfc3161/${name}`;
  it.each([
    ['seed-head.tsr', 'INTACT', []],
    ['TAMPERED-genTime-year.tsr', 'TAMPERED', ['SIGNATURE_INVALID TAMPERED']],
    ['head.tsq', 'UNVERIFIABLE', ['KEY_MISSING UNVERIFIABLE']],
  ])('%s is %s', async (name, verdict, found) => {
    const report = await verify(at(name), { keys: [at('ca.pem')], data: [at('seed-head.txt')] });
    expect([report.verdict, kinds(report)]).toEqual([verdict, found]);
  });
  it('rekor-test.tsr is undamaged, its root and its data missing', async () => {
    const report = await verify(at('rekor-test.tsr'), {});
    expect(report.verdict).toBe('UNVERIFIABLE');
    expect(report.proves.join(' ')).toContain('2021-05-27T18:00:54Z');
  });
});
