// Reports over hostile or huge material: it stays text, it stays visible, it stays within bounds.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AuditReportModel } from '../../../electron/modules/reports/engine/audit-report-model.ts';
import { renderAuditReport } from '../../../electron/modules/reports/engine/audit-report.ts';
import { reportFooterTemplate } from '../../../electron/modules/reports/engine/print-options.ts';
import { FINDINGS_LISTED } from '../../../electron/modules/reports/engine/section-findings.ts';
import { type Finding, FINDING_KINDS, VERDICTS } from '../../../shared/model/verdict.ts';
import { expectAccessible } from './expect-accessible.ts';
import { EDITED, model, RECORD_57, tampered, verification } from './models.ts';
import { elements, readHtml, sectionText } from './read-html.ts';

describe('size', () => {
  const flood = (n: number): Finding[] =>
    Array.from({ length: n }, (_, index) => ({
      kind: index === n - 1 ? 'FORK' : 'LINK_BREAK',
      verdict: index === n - 1 ? 'FORK' : 'TAMPERED',
      index,
      line: index + 1,
      message: `finding ${index}`,
    }));

  test('of 10,000 findings 500 are listed, no kind is hidden, and the rest is counted', () => {
    const html = renderAuditReport(model(tampered({ findings: flood(10_000), findingsOmitted: 7 })));
    const document = expectAccessible(html);
    const text = sectionText(document, 'findings');
    expect(text.match(/finding \d+/gu)).toHaveLength(FINDINGS_LISTED);
    expect(text).toContain('finding 9999');
    expect(text).toContain('500 of 10,000 findings are listed');
    expect(text).toContain('A further 7 findings were counted');
    expect(html.length).toBeLessThan(1_000_000);
  });

  test('a megabyte in one field is cut with a note', () => {
    const huge = '<b>'.repeat(350_000);
    const html = renderAuditReport(
      model(tampered({ findings: [{ ...EDITED, message: huge, path: huge }] }), {
        quoted: [{ ...RECORD_57, raw: huge }],
        organisation: huge,
      }),
    );
    expectAccessible(html);
    expect(html.length).toBeLessThan(200_000);
    expect(html).toContain('1,050,000 characters shown');
  });

  test('a strip of ten thousand stretches shows its one damaged record', () => {
    const stretches = Array.from({ length: 10_000 }, (_, at) => ({
      from: at * 100,
      to: at * 100 + 100,
      state: at === 7777 ? ('failed' as const) : ('verified' as const),
    }));
    const document = readHtml(
      renderAuditReport(
        model(tampered({ strip: { unit: 'record', length: 1_000_000, origin: null, stretches } })),
      ),
    );
    const bars = elements(document).filter(
      ({ name, attributes }) =>
        name === 'rect' && attributes.get('class') === 's-failed' && attributes.get('y') === '0',
    );
    expect(bars.map(({ attributes }) => [attributes.get('x'), attributes.get('width')])).toEqual([
      ['528', '4'],
    ]);
    expect(sectionText(document, 'strip')).toContain('777,700');
  });
});

describe('hostile material', () => {
  const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
  const payload = fc.oneof(
    fc.string({ unit, maxLength: 40 }),
    fc
      .array(
        fc.constantFrom(
          '<script>alert(1)</script>',
          '"><img src=x onerror=alert(1)>',
          '</style>',
          '</title>',
          '<!--',
          '-->',
          "' onload='x",
          'javascript:alert(1)',
          '&#x3c;',
          '\u202E',
          '\0',
          '\r\n',
          'https://example.org/x',
        ),
        { maxLength: 6 },
      )
      .map((parts) => parts.join('')),
  );
  const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });
  const finding = fc.record(
    {
      kind: fc.constantFrom(...FINDING_KINDS),
      verdict: fc.constantFrom(...VERDICTS),
      index: fc.nat(),
      count: fc.nat(),
      line: fc.nat(),
      byteOffset: fc.nat(),
      path: payload,
      ofIndex: fc.nat(),
      between: fc.tuple(payload, payload),
      expected: fc.oneof(payload, hex),
      actual: fc.oneof(payload, hex),
      message: payload,
    },
    { requiredKeys: ['kind', 'message'] },
  );
  const report = fc
    .record({
      verdict: fc.constantFrom(...VERDICTS),
      format: fc.oneof(fc.constantFrom('guardian-chain', 'aws-cloudtrail', 'agno-integrity'), payload),
      dialect: payload,
      findings: fc.array(finding, { maxLength: 8 }),
      unprotectedFields: fc.array(payload, { maxLength: 3 }),
      uncovered: fc.array(fc.record({ from: payload, to: payload }), { maxLength: 3 }),
      unreferenced: fc.array(payload, { maxLength: 3 }),
      head: fc.option(payload),
      startsAfter: fc.option(payload),
      proves: fc.array(payload, { maxLength: 3 }),
      doesNotProve: fc.array(payload, { maxLength: 3 }),
      label: payload,
      origin: fc.option(payload),
      unit: fc.constantFrom('record' as const, 'second' as const),
      seconds: fc.double(),
    })
    .map(({ unprotectedFields, uncovered, unreferenced, label, origin, unit: stripUnit, seconds, ...rest }) =>
      verification({
        ...rest,
        anchored: true,
        coverage: { unprotectedFields, uncovered, unreferenced },
        strip: {
          unit: stripUnit,
          length: 10,
          origin,
          stretches: [{ from: 0, to: 10, state: 'attention', label }],
        },
        throughput: { records: 1, bytes: 1, seconds },
      }),
    );
  const hostile = fc
    .record({
      report,
      texts: fc.tuple(payload, payload, payload, payload, payload, payload),
      raw: payload,
      hashed: fc.option(payload),
      fingerprint: fc.option(payload),
    })
    .map(
      ({
        report: made,
        texts: [name, reference, purpose, organisation, importName, reason],
        raw,
        hashed,
        fingerprint,
      }): AuditReportModel => {
        const base = model(made);
        return {
          ...base,
          reportId: raw,
          appVersion: reference,
          organisation,
          rootFingerprint: fingerprint,
          case: { name, reference, purpose },
          imported: {
            ...base.imported,
            name: importName,
            importedAt: reason,
            detections: [{ format: made.format, title: reason, confidence: 1, reason }],
          },
          verification: { id: 'v', finishedAt: reference, trustedHead: fingerprint, report: made },
          quoted: [
            {
              ...RECORD_57,
              raw,
              path: name,
              checks: [{ name: reason, stored: raw, recomputed: hashed, ok: false, hashed }],
              findings: made.findings,
            },
          ],
        };
      },
    );

  test('never becomes markup, script, attribute or load, and never stays unseen', () => {
    fc.assert(
      fc.property(hostile, (made) => {
        expectAccessible(renderAuditReport(made));
      }),
      { numRuns: 60 },
    );
  });

  test('stays text in the footer of every page', () => {
    const footer = reportFooterTemplate({
      reportId: '"><script>',
      organisation: '</span><img src=x onerror=alert(1)>\u202E',
    });
    expect(footer).not.toMatch(/<(?:script|img)|\u202E/u);
    expect(footer).toContain('&lt;img');
  });
});
