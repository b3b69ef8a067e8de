// Which verdict a report states: never a better one than its material bears.
import { describe, expect, test } from 'vitest';
import type { AuditReportModel } from '../../../electron/modules/reports/engine/audit-report-model.ts';
import { renderAuditReport } from '../../../electron/modules/reports/engine/audit-report.ts';
import type { VerificationReport } from '../../../shared/model/verdict.ts';
import { expectAccessible } from './expect-accessible.ts';
import { anchored, EDITED, model, verification } from './models.ts';
import { coverText, readHtml, sectionText } from './read-html.ts';

describe('a verdict is never better than the material', () => {
  const spoiled = (report: unknown): AuditReportModel => {
    const made = anchored();
    return {
      ...made,
      verification:
        made.verification === null ? null : { ...made.verification, report: report as VerificationReport },
    };
  };
  const intact = verification({ verdict: 'INTACT', anchored: true });

  test.each([
    ['no verification', null],
    ['an empty object', {}],
    ['a verification without findings', { ...intact, findings: undefined }],
    ['an unknown verdict', { ...intact, verdict: 'COMPLIANT' }],
    ['a verdict with another case', { ...intact, verdict: 'intact' }],
    ['INTACT without anchor', { ...intact, anchored: false }],
    [
      'INTACT over nothing',
      { ...intact, records: 0, strip: { unit: 'record', length: 0, origin: null, stretches: [] } },
    ],
    ['INTACT with findings that were not kept', { ...intact, findingsOmitted: 1 }],
    ['INTACT about other bytes', { ...intact, source: { ...intact.source, sha256: '0'.repeat(64) } }],
  ])('%s: no verdict', (_, report) => {
    const made = report === null ? model(null) : spoiled(report);
    const html = renderAuditReport(made);
    expectAccessible(html);
    expect(coverText(html)).toMatch(/No verdict\s+Nothing is known/u);
    expect(coverText(html)).not.toMatch(/INTACT|Pass\b/u);
    expect(sectionText(readHtml(html), 'verdict')).not.toContain('covers the last one');
  });

  test('findings that fail outrank a stored INTACT, and the report says so', () => {
    const html = renderAuditReport(spoiled({ ...intact, findings: [EDITED] }));
    expect(coverText(html)).toContain('TAMPERED');
    expect(sectionText(readHtml(html), 'summary')).toContain(
      'The stored verdict is INTACT; the findings below ask for TAMPERED',
    );
    expect(sectionText(readHtml(html), 'verdict')).not.toContain('All 200 records verify');
  });

  test('a quiet trail without a single event can still be intact', () => {
    const strip = {
      unit: 'second',
      length: 3600,
      origin: '2025-06-01T05:07:31Z',
      stretches: [{ from: 0, to: 3600, state: 'verified' }],
    };
    expect(coverText(renderAuditReport(spoiled({ ...intact, records: 0, strip })))).toMatch(/Intact\s+Pass/u);
  });

  test('a part of the log that no stretch speaks of is not drawn as good', () => {
    const html = renderAuditReport(
      model(
        verification({
          strip: {
            unit: 'record',
            length: 200,
            origin: null,
            stretches: [{ from: 0, to: 20, state: 'verified' }],
          },
        }),
      ),
    );
    expect(sectionText(readHtml(html), 'strip')).toContain('nothing is said about it');
  });
});
