// Whatever is put into the folder, a verification ends with a report or an expected error, and damage is never missed.
import { gunzipSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { cloudtrail } from '../../../electron/modules/audit/engine/cloudtrail/cloudtrail.ts';
import { parseDigest } from '../../../electron/modules/audit/engine/cloudtrail/digest-document.ts';
import { readJson } from '../../../electron/modules/audit/engine/cloudtrail/json-text.ts';
import {
  objectKind,
  parseDigestName,
  parseLogName,
} from '../../../electron/modules/audit/engine/cloudtrail/object-names.ts';
import { readSidecar } from '../../../electron/modules/audit/engine/cloudtrail/sidecars.ts';
import { editObject, writeTrail } from '../../../electron/modules/audit/engine/cloudtrail/write-trail.ts';
import { isAppError } from '../../../shared/errors/app-error.ts';
import { VerificationReport, verdictClass } from '../../../shared/model/verdict.ts';
import { change, fieldsOf, lay, sourceOf, spec } from '../../fixtures/cloudtrail/generate.ts';
import type { Folder } from '../../fixtures/cloudtrail/generate.ts';

const run = { signal: new AbortController().signal, progress: () => undefined };
const trail = writeTrail(spec({ digests: 4, logsPerDigest: 2 }));
const reportOf = async (folder: Folder): Promise<VerificationReport> =>
  (await cloudtrail.verify(sourceOf(folder), { trustedHeads: [], keys: [] }, run)).report;
const inflated = (stored: Uint8Array): Buffer | null => {
  try {
    return gunzipSync(stored);
  } catch {
    return null;
  }
};
const evidence = [...trail.logs, ...trail.digests].map((object) => `s3/${object}`);

describe('hostile folders', () => {
  it('any changed byte of any log or digest is found, unless its content is the same', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...evidence),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (path, place, flip) => {
          const folder = lay([trail]);
          const before = folder.get(path) ?? new Uint8Array();
          const changed = Buffer.from(before);
          const at = place % changed.length;
          changed.writeUInt8(changed.readUInt8(at) ^ flip, at);
          folder.set(path, changed);
          const report = await reportOf(folder);
          // The time in the gzip header, or the bits that fill up its last byte, are not content: no hash covers them.
          const sameContent = inflated(changed)?.equals(gunzipSync(before)) === true;
          return sameContent
            ? report.verdict === 'INTACT'
            : report.verdict === 'TAMPERED' && report.findings.some((finding) => finding.path === path);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('any file taken away is found', async () => {
    for (const path of evidence) {
      const folder = lay([trail]);
      folder.delete(path);
      const report = await reportOf(folder);
      // The first and the last digest with nothing beyond them are a window: metadata tells that they were there.
      expect([path, report.verdict]).toEqual([
        path,
        path === evidence.at(-1) || path === evidence.at(-4) ? 'PARTIAL_INTACT' : 'TAMPERED',
      ]);
    }
  });

  it('random JSON in place of digests, metadata and keys gives a report', async () => {
    const field = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(
        'SHA-256',
        'SHA-512',
        'null',
        '',
        '2025-06-01T01:07:31Z',
        '9999-12-31T23:59:59Z',
        '__proto__',
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...trail.digests),
        fc.dictionary(
          fc.constantFrom(
            'digestStartTime',
            'digestEndTime',
            'digestS3Object',
            'digestS3Bucket',
            'previousDigestS3Object',
            'previousDigestSignature',
            'previousDigestHashValue',
            'previousDigestHashAlgorithm',
            'logFiles',
            'digestPublicKeyFingerprint',
            'digestSignatureAlgorithm',
          ),
          field,
        ),
        fc.jsonValue(),
        async (digest, fields, other) => {
          const folder = lay([trail]);
          change(folder, `s3/${digest}`, (bytes) =>
            editObject(bytes, (text) => JSON.stringify({ ...fieldsOf(text), ...fields })),
          );
          folder.set('other.json', Buffer.from(JSON.stringify(other)));
          const same = Buffer.from(folder.get(`s3/${digest}`) ?? []).equals(
            trail.objects.get(digest) ?? Buffer.alloc(0),
          );
          const report = await reportOf(folder);
          expect(v.safeParse(VerificationReport, report).issues).toBeUndefined();
          return same ? report.verdict === 'INTACT' : verdictClass(report.verdict) !== 'pass';
        },
      ),
      { numRuns: 150 },
    );
  });

  it('random bytes under any name give a report or an expected error', async () => {
    const name = fc.oneof(
      fc.constantFrom(
        ...evidence,
        'CloudTrail-Digest/x.gz',
        'CloudTrail/y.json.gz',
        'a.json',
        'list-public-keys.json',
        's3-object-metadata.json',
        '\n.json',
        `${evidence[0] ?? ''}.metadata.json`,
      ),
      fc.string({ minLength: 1 }),
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((text) => Buffer.from(text)),
      fc.json().map((text) => gzipSync(text)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(name, bytes), { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        async (files, withTrail) => {
          const folder: Folder = new Map([...(withTrail ? lay([trail]) : []), ...files]);
          try {
            const report = await reportOf(folder);
            return v.safeParse(VerificationReport, report).success;
          } catch (error) {
            return isAppError(error) && error.code === 'audit.format_mismatch';
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('a gzip bomb among the logs or digests is a finding', async () => {
    const mib = 1024 * 1024;
    for (const [path, size] of [
      [evidence[1] ?? '', 520 * mib],
      [evidence.at(-2) ?? '', 40 * mib],
    ] as const) {
      const folder = lay([trail]);
      folder.set(path, gzipSync(Buffer.alloc(size, 0x20), { level: 1 }));
      const report = await reportOf(folder);
      expect(report.findings).toContainEqual(
        expect.objectContaining({
          kind: path.includes('Digest') ? 'DIGEST_INVALID' : 'MALFORMED',
          verdict: 'TAMPERED',
          path,
        }),
      );
    }
  });

  it('a digest nested 100,000 deep, and one that names 60,000 logs, end in a report', async () => {
    const folder = lay([trail]);
    folder.set(evidence.at(-1) ?? '', gzipSync('['.repeat(100_000)));
    change(folder, evidence.at(-2) ?? '', (bytes) => {
      const document = fieldsOf(gunzipSync(bytes));
      const [log] = v.parse(v.array(v.record(v.string(), v.unknown())), document.logFiles);
      return gzipSync(
        JSON.stringify({
          ...document,
          logFiles: Array.from({ length: 60_000 }, (_, at) => ({ ...log, s3Object: `k/${at}` })),
        }),
      );
    });
    const report = await reportOf(folder);
    expect(report.verdict).toBe('TAMPERED');
    expect(report.findings.length).toBeLessThanOrEqual(20_000);
    expect(report.findings.length + report.findingsOmitted).toBeGreaterThan(60_000);
  });

  it('parsers of names, digests and metadata only ever answer', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.uint8Array({ maxLength: 300 }),
        fc.json(),
        (text, bytes, json) => {
          parseDigestName(text);
          parseLogName(text);
          objectKind(text);
          readJson(bytes);
          readSidecar(text, JSON.parse(json));
          const parsed = parseDigest(Buffer.from(json));
          return 'problem' in parsed || 'document' in parsed;
        },
      ),
      { numRuns: 100 },
    );
  });

  it('dates that do not exist are no times', () => {
    expect(
      parseDigestName('111122223333_CloudTrail-Digest_eu-west-1_mgmt_eu-west-1_20250231T010731Z.json.gz'),
    ).toBeNull();
    expect(
      parseDigestName('111122223333_CloudTrail-Digest_eu-west-1_mgmt_eu-west-1_20250601T250731Z.json.gz'),
    ).toBeNull();
    expect(
      parseDigestName('111122223333_CloudTrail-Digest_eu-west-1_a_b-c.d_eu-west-1_20250601T010731Z.json.gz')
        ?.trail,
    ).toBe('a_b-c.d');
  });
});
