// The report as a document: its form, and what it tells about each kind of material.
import { describe, expect, test } from 'vitest';
import type { AuditReportModel } from '../../../electron/modules/reports/engine/audit-report-model.ts';
import { renderAuditReport, reportTitle } from '../../../electron/modules/reports/engine/audit-report.ts';
import { reportPrintOptions } from '../../../electron/modules/reports/engine/print-options.ts';
import { VERDICT_TEXT } from '../../../shared/model/verdict-text.ts';
import { FINDING_KINDS, VERDICTS } from '../../../shared/model/verdict.ts';
import { expectAccessible } from './expect-accessible.ts';
import { anchored, EDITED, LOG_SHA256, model, RECORD_57, tampered, verification } from './models.ts';
import { byId, coverText, named, readHtml, said, sectionText, textOf } from './read-html.ts';

const cloudtrail = (): AuditReportModel => {
  const sha256 = 'c'.repeat(64);
  const report = tampered({
    format: 'aws-cloudtrail',
    findings: [
      {
        kind: 'LOG_HASH_MISMATCH',
        verdict: 'TAMPERED',
        index: 9,
        path: 'AWSLogs/1/CloudTrail/a_b.json.gz',
        expected: 'a'.repeat(64),
        actual: 'b'.repeat(64),
        message: 'The content differs.',
      },
      {
        kind: 'LINK_BREAK',
        verdict: 'TAMPERED',
        index: 40,
        path: 'AWSLogs/1/CloudTrail-Digest/d.json.gz',
        expected: 'ab'.repeat(256),
        actual: 'cd'.repeat(256),
        message: 'The signature differs.',
      },
      {
        kind: 'LOG_UNREFERENCED',
        index: 11,
        path: 'AWSLogs/1/CloudTrail/planted.json.gz',
        message: 'No digest file names it.',
      },
    ],
    coverage: {
      unprotectedFields: [],
      uncovered: [{ from: '2025-06-01T05:07:31Z', to: '2025-06-01T06:07:31Z' }],
      unreferenced: ['AWSLogs/1/CloudTrail/planted.json.gz'],
    },
    source: { name: 's3', kind: 'folder', bytes: 1000, sha256 },
    strip: {
      unit: 'second',
      length: 7200,
      origin: '2025-06-01T05:07:31Z',
      stretches: [
        { from: 0, to: 3600, state: 'uncovered', label: 'nothing there' },
        { from: 3600, to: 7200, state: 'verified' },
      ],
    },
  });
  return model(report, {
    rootFingerprint: null,
    imported: {
      ...model(report).imported,
      name: 's3',
      kind: 'folder',
      files: 50,
      sha256,
      custody: 'referenced',
      detections: [],
    },
  });
};

const MODELS: readonly (readonly [string, () => AuditReportModel])[] = [
  ['a tampered log with a quoted record', () => model(tampered(), { quoted: [RECORD_57] })],
  ['an unanchored log', () => model(verification())],
  ['an anchored log', anchored],
  ['a CloudTrail folder', cloudtrail],
  [
    'a format without a written recipe',
    () => model(verification({ format: 'something-new', dialect: 'v9' })),
  ],
  ['no verification at all', () => model(null)],
  [
    'nothing but empty texts',
    () =>
      model(verification({ proves: [], doesNotProve: [], head: null }), {
        organisation: '',
        rootFingerprint: null,
        case: { name: 'x', reference: '', purpose: '' },
      }),
  ],
  [
    'an empty log',
    () =>
      model(
        verification({
          records: 0,
          head: null,
          verdict: 'UNVERIFIABLE',
          strip: { unit: 'record', length: 0, origin: null, stretches: [] },
        }),
      ),
  ],
];

describe('every report', () => {
  test.each(MODELS)('is inert, self-contained and accessible: %s', (_, make) => {
    expectAccessible(renderAuditReport(make()));
  });

  test.each(MODELS)('is the same for the same material: %s', (_, make) => {
    expect(renderAuditReport(make())).toBe(renderAuditReport(structuredClone(make())));
  });

  test.each(MODELS)('denies that it certifies anything: %s', (_, make) => {
    const html = renderAuditReport(make());
    expect(coverText(html)).toContain('does not certify compliance');
    expect(sectionText(readHtml(html), 'coverage')).toContain('does not certify compliance');
    expect(textOf(readHtml(html)).match(/\bcompliant\b/giu)).toBeNull();
  });

  test('allows by its policy nothing but its own style sheet', () => {
    const meta = named(readHtml(renderAuditReport(model(tampered()))), 'meta').find(
      ({ attributes }) => attributes.get('http-equiv') === 'Content-Security-Policy',
    );
    expect(meta?.attributes.get('content')).toMatch(
      /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]{44}'; base-uri 'none'; form-action 'none'$/u,
    );
  });
});

describe('a tampered log', () => {
  const document = readHtml(renderAuditReport(model(tampered(), { quoted: [RECORD_57] })));

  test('is called tampered, with the place, on cover and in the summary', () => {
    expect(coverText(renderAuditReport(model(tampered())))).toMatch(/Tampered\s+Fail · TAMPERED/u);
    expect(sectionText(document, 'summary')).toContain('At record 57 (line 58)');
  });

  test('shows the finding with place, expected and found hash', () => {
    const [row] = named(byId(document, 'findings'), 'table').flatMap((table) => named(table, 'tr').slice(1));
    expect(named(row ?? document, 'th', 'td').map(said)).toEqual([
      '1',
      '57',
      '58',
      EDITED.byteOffset?.toLocaleString('en'),
      EDITED.expected,
      EDITED.actual,
      EDITED.message,
    ]);
  });

  test('quotes the record with stored and recomputed hash and the text that was hashed', () => {
    const text = sectionText(document, 'records');
    for (const check of RECORD_57.checks) expect(text).toContain(check.stored ?? '');
    expect(text).toContain(RECORD_57.raw);
    expect(text).toContain(RECORD_57.checks[0]?.hashed ?? 'absent');
    expect(text).toContain('Fails');
  });

  test('names the record in the picture’s text alternative and table', () => {
    const [title] = named(byId(document, 'strip'), 'title');
    expect(textOf(title ?? document)).toContain('1 stretch: does not verify');
    expect(sectionText(document, 'strip')).toContain('Content does not match its hash');
  });

  test('prints digests so that copying gives the digest', () => {
    expect(sectionText(document, 'scope')).toContain(LOG_SHA256);
    expect(sectionText(document, 'how-to-verify')).toContain('sha256sum LOG');
  });
});

describe('other material', () => {
  test('a CloudTrail folder shows what nothing covers, and counts files', () => {
    const document = readHtml(renderAuditReport(cloudtrail()));
    const coverage = sectionText(document, 'coverage');
    expect(coverage).toContain('1 June 2025, 05:07:31 UTC');
    expect(coverage).toContain('planted.json.gz');
    expect(sectionText(document, 'findings')).toContain('Files are counted from 0');
    expect(sectionText(document, 'findings')).toContain('64 of 512 characters shown');
    expect(sectionText(document, 'how-to-verify')).toContain('xargs -0 sha256sum | sha256sum');
    expect(sectionText(document, 'scope')).toContain('named by the user, not detected');
  });

  test('an unknown format is not described as another one', () => {
    const document = readHtml(renderAuditReport(model(verification({ format: 'something-new' }))));
    expect(sectionText(document, 'method')).toContain(
      'holds no written description of the format something-new',
    );
    expect(sectionText(document, 'how-to-verify')).toContain('no recipe to repeat the check');
  });

  test.each(VERDICTS)('states %s with its word, its limits and the next step', (verdict) => {
    const document = readHtml(
      renderAuditReport(
        model(verification({ verdict, anchored: verdict === 'INTACT', proves: [], doesNotProve: [] })),
      ),
    );
    const text = sectionText(document, 'verdict');
    const words = VERDICT_TEXT[verdict];
    for (const part of [words.word, words.meaning, words.proves, words.doesNotProve, words.next])
      expect(text).toContain(part);
  });

  test.each(FINDING_KINDS)('lists a finding of kind %s', (kind) => {
    expectAccessible(
      renderAuditReport(
        model(
          verification({
            findings: [{ kind, message: `about ${kind}`, between: ['evt-1', 'evt-3'], ofIndex: 4, count: 3 }],
          }),
        ),
      ),
    );
  });
});

test('it is printed on A4 with tags, outline and page numbers', () => {
  expect(reportPrintOptions(model(null))).toMatchObject({
    pageSize: 'A4',
    preferCSSPageSize: true,
    generateTaggedPDF: true,
    generateDocumentOutline: true,
    displayHeaderFooter: true,
  });
  expect(reportPrintOptions(model(null)).footerTemplate).toMatch(/class="pageNumber".*class="totalPages"/u);
  expect(reportTitle(model(null))).toBe(
    'Audit log verification: guardian-2025-03.jsonl (Access review, patient portal)',
  );
});
