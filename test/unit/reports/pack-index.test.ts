// The index of a pack: what it lists, what it admits to be missing, and that no name leads out of the pack.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  FILES_LISTED,
  type PackIndexFile,
  type PackIndexModel,
  renderPackIndex,
} from '../../../electron/modules/reports/engine/pack-index.ts';
import { expectAccessible } from './expect-accessible.ts';
import { LOG_SHA256, model, tampered, verification } from './models.ts';
import { named, readHtml, sectionText, textOf } from './read-html.ts';

const logFile: PackIndexFile = {
  path: `data/evidence/${LOG_SHA256}.jsonl`,
  originalName: 'guardian-2025-03.jsonl',
  role: 'Log as imported',
  bytes: 81_828,
  sha256: LOG_SHA256,
};

const index = (changes: Partial<PackIndexModel> = {}): PackIndexModel => {
  const { imported, verification: made, case: of, organisation, rootFingerprint } = model(tampered());
  return {
    locale: 'en',
    name: 'evidence-20261121-0a1b2c3d',
    externalIdentifier: 'urn:uuid:5f0c6c52-3b8e-4b53-9d58-b1b4c7dbf5a1',
    createdAt: '2026-11-21T09:40:00Z',
    appVersion: '0.1.0',
    organisation,
    rootFingerprint,
    case: of,
    verdicts: [
      { imported, verification: made, reportPath: 'data/report.pdf', findingsPath: 'data/findings.json' },
      { imported, verification: null, reportPath: null, findingsPath: null },
    ],
    files: [
      logFile,
      { path: 'data/index.html', originalName: null, role: 'This page', bytes: null, sha256: null },
    ],
    missing: [],
    ...changes,
  };
};
const hrefs = (html: string): (string | undefined)[] =>
  named(readHtml(html), 'a').map(({ attributes }) => attributes.get('href'));

describe('the index of a pack', () => {
  test('is inert, self-contained, accessible and always the same', () => {
    expectAccessible(renderPackIndex(index()));
    expectAccessible(
      renderPackIndex(
        index({ verdicts: [], files: [logFile], missing: ['a.'], rootFingerprint: null, organisation: '' }),
      ),
    );
    expect(renderPackIndex(structuredClone(index()))).toBe(renderPackIndex(index()));
  });

  test('lists each file with its original name, size, digest and role', () => {
    const text = sectionText(readHtml(renderPackIndex(index())), 'files');
    for (const part of [
      logFile.path,
      logFile.originalName ?? '',
      '81.8 kB (81,828 bytes)',
      LOG_SHA256,
      logFile.role,
    ])
      expect(text).toContain(part);
    expect(text).toContain('see manifest');
  });

  test('gives each log its verdict, and none where there is none', () => {
    const text = sectionText(readHtml(renderPackIndex(index())), 'verdicts');
    expect(text).toContain('Tampered TAMPERED');
    expect(text).toContain('No verdict');
    const { imported, verification: made } = model(verification({ verdict: 'INTACT', anchored: false }));
    const spoiled = renderPackIndex(
      index({ verdicts: [{ imported, verification: made, reportPath: null, findingsPath: null }] }),
    );
    expect(sectionText(readHtml(spoiled), 'verdicts')).not.toMatch(/INTACT\b(?! yet|,)|Pass/u);
  });

  test('admits what is missing', () => {
    const document = readHtml(
      renderPackIndex(index({ missing: ['The log is larger than 256 MiB: its digest is given.'] })),
    );
    expect(sectionText(document, 'completeness')).toContain('This pack is partial');
    expect(sectionText(document, 'completeness')).toContain('larger than 256 MiB');
    expect(sectionText(readHtml(renderPackIndex(index())), 'completeness')).toContain(
      'no timestamp of a third party',
    );
  });

  test('tells how to check it, the signature first, with the fingerprint', () => {
    const text = sectionText(readHtml(renderPackIndex(index())), 'check');
    expect(text.indexOf('openssl cms -verify')).toBeGreaterThan(0);
    expect(text.indexOf('openssl cms -verify')).toBeLessThan(text.indexOf('sha256sum --strict'));
    expect(text.replaceAll(':', '').toLowerCase()).toContain(index().rootFingerprint);
  });

  test('links only to names of the pack', () => {
    const odd = [
      '../../etc/passwd',
      'data/../x',
      'https://example.org/',
      'javascript:alert(1)',
      'data//x',
      'data/.hidden',
      'data/a b',
      '/data/x',
      'data/',
      'data/x\n',
      '//host/data/x',
    ];
    const html = renderPackIndex(
      index({
        files: odd.map((path) => ({ ...logFile, path })),
        verdicts: odd.map((path) => ({
          ...index().verdicts[0],
          imported: model(null).imported,
          verification: null,
          reportPath: path,
          findingsPath: path,
        })),
      }),
    );
    expectAccessible(html);
    expect(hrefs(html)).toEqual([]);
    expect(hrefs(renderPackIndex(index()))).toEqual([
      './report.pdf',
      './findings.json',
      `./evidence/${LOG_SHA256}.jsonl`,
      './index.html',
    ]);
  });

  test('any name stays text', () => {
    const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
    const hostile = fc.oneof(
      fc.string({ unit, maxLength: 30 }),
      fc.constantFrom('<script>', '"><a href="https://x">', '\u202Egpj.exe', '</table>', 'data/\0'),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, (a, b, c) => {
        expectAccessible(
          renderPackIndex(
            index({
              name: a,
              organisation: b,
              externalIdentifier: c,
              files: [{ path: a, originalName: b, role: c, bytes: 1, sha256: a }],
              missing: [b],
            }),
          ),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('a pack of very many files lists the first and names the manifest', () => {
    const html = renderPackIndex(
      index({
        files: Array.from({ length: FILES_LISTED + 5 }, (_, at) => ({
          ...logFile,
          path: `data/evidence/${at}.json`,
        })),
      }),
    );
    const text = textOf(readHtml(html));
    expect(text).toContain('The first 5,000 are listed; manifest-sha256.txt names all.');
    expect(text).not.toContain(`data/evidence/${FILES_LISTED}.json`);
  });
});
