// The findings file of a pack: the whole verification, readable by its own schema, the same bytes each time.
import * as fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import {
  FINDINGS_SCHEMA,
  findingsDocument,
} from '../../../electron/modules/reports/engine/findings-document.ts';
import { VerificationReport } from '../../../shared/model/verdict.ts';
import { EDITED, tampered } from './models.ts';

const model = (report: VerificationReport) => ({
  verificationId: 'ver_1',
  importId: 'imp_1',
  caseId: 'case_1',
  finishedAt: '2026-11-21T09:30:02Z',
  trustedHead: null,
  trustedHeads: [],
  files: null,
  commitments: null,
  appVersion: '0.1.0',
  report,
});
const textOf = (report: VerificationReport): string =>
  new TextDecoder('utf-8', { fatal: true }).decode(findingsDocument(model(report)));

/** The same value with the keys of every object in the opposite order. */
const reversed = <T>(value: T): T =>
  (Array.isArray(value)
    ? value.map(reversed)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .toReversed()
            .map(([key, inner]) => [key, reversed(inner)]),
        )
      : value) as T;

describe('the findings document', () => {
  test('holds the verification exactly, under its ids', () => {
    const report = tampered({
      dialect: 'd',
      findings: [EDITED, { kind: 'GAP', between: ['a', 'b'], count: 2, ofIndex: 1, path: 'p', message: 'm' }],
    });
    const parsed: unknown = JSON.parse(textOf(report));
    expect(parsed).toMatchObject({
      schema: FINDINGS_SCHEMA,
      verificationId: 'ver_1',
      importId: 'imp_1',
      caseId: 'case_1',
      finishedAt: '2026-11-21T09:30:02Z',
      trustedHead: null,
    });
    expect(v.parse(v.looseObject({ report: VerificationReport }), parsed).report).toEqual(report);
  });

  test('is byte for byte the same whatever the order of the keys was', () => {
    const report = tampered();
    expect(textOf(reversed(report))).toBe(textOf(report));
    expect(textOf(report).endsWith('}\n')).toBe(true);
  });

  test('carries any text through', () => {
    const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 30 }), (message) => {
        const parsed = v.parse(
          v.looseObject({ report: VerificationReport }),
          JSON.parse(textOf(tampered({ findings: [{ kind: 'MALFORMED', message }] }))),
        );
        expect(parsed.report.findings[0]?.message).toBe(message);
      }),
      { numRuns: 100 },
    );
  });

  test('holds all of 10,000 findings', () => {
    const findings = Array.from({ length: 10_000 }, (_, index) => ({ ...EDITED, index }));
    expect(
      v.parse(v.looseObject({ report: VerificationReport }), JSON.parse(textOf(tampered({ findings }))))
        .report.findings,
    ).toHaveLength(10_000);
  });

  test('names every key that a verification has', () => {
    const parsed = v.parse(
      v.looseObject({ report: v.looseObject({}) }),
      JSON.parse(
        textOf(
          tampered({
            dialect: 'd',
            recipe: { words: 'w', json: '{}' },
            anchors: [],
            seal: { root: '0'.repeat(64), leaves: 1 },
            forkProof: '{}',
          }),
        ),
      ),
    );
    expect(Object.keys(parsed.report).toSorted()).toEqual(Object.keys(VerificationReport.entries).toSorted());
  });
});
