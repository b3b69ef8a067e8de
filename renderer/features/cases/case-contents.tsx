// What a case holds, with links to where each thing is looked at.
import { ArrowRight, FileInput } from 'lucide-react';
import type { ImportedLog, VerificationSummary } from '../../../shared/model/audit.ts';
import type { EvidencePack, Report } from '../../../shared/model/evidence.ts';
import type { CaseId } from '../../../shared/model/ids.ts';
import { describeError } from '../../bridge/operation-error.ts';
import { useOperation } from '../../bridge/use-operation.ts';
import { navigate, useUi } from '../../state/ui-store.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { Badge, DateTime, Skeleton } from '../../ui/marks.tsx';
import { EmptyState, ErrorNotice, Panel } from '../../ui/panels.tsx';
import { SimpleTable, type SimpleColumn } from '../../ui/simple-table.tsx';
import { VerdictBadge } from '../../ui/verdict-badge.tsx';
import { nextStep, type NextStep } from './next-step.ts';
import { CASES_TEXT } from './text.ts';

interface LogRow {
  readonly log: ImportedLog;
  readonly latest: VerificationSummary | undefined;
}

const newestFirst = (a: VerificationSummary, b: VerificationSummary): number =>
  Date.parse(b.finishedAt) - Date.parse(a.finishedAt);

const LOG_COLUMNS: readonly SimpleColumn<LogRow>[] = [
  {
    id: 'name',
    header: CASES_TEXT.log,
    isRowHeader: true,
    cell: ({ log }) => (
      <LinkButton onPress={() => navigate('audit', { importId: log.id })}>{log.name}</LinkButton>
    ),
  },
  {
    id: 'verdict',
    header: CASES_TEXT.latestVerdict,
    cell: ({ latest }) =>
      latest === undefined ? (
        <Badge>{CASES_TEXT.notVerified}</Badge>
      ) : (
        <VerdictBadge verdict={latest.verdict} />
      ),
  },
  { id: 'size', header: CASES_TEXT.size, align: 'end', cell: ({ log }) => formatBytes(log.bytes) },
  {
    id: 'imported',
    header: CASES_TEXT.imported,
    cell: ({ log }) => <DateTime value={log.importedAt} precision="day" />,
  },
];

interface VerificationRow {
  readonly verification: VerificationSummary;
  readonly logName: string;
}

const countOf = (v: VerificationSummary): number => v.findings.reduce((sum, f) => sum + f.count, 0);

const VERIFICATION_COLUMNS: readonly SimpleColumn<VerificationRow>[] = [
  {
    id: 'of',
    header: CASES_TEXT.verification,
    isRowHeader: true,
    cell: ({ verification, logName }) => (
      <LinkButton onPress={() => navigate('audit', { verificationId: verification.id })}>
        {logName}
      </LinkButton>
    ),
  },
  {
    id: 'verdict',
    header: CASES_TEXT.verdict,
    cell: ({ verification }) => <VerdictBadge verdict={verification.verdict} />,
  },
  {
    id: 'records',
    header: CASES_TEXT.records,
    align: 'end',
    cell: ({ verification }) => formatCount(verification.records),
  },
  {
    id: 'findings',
    header: CASES_TEXT.findings,
    align: 'end',
    cell: ({ verification }) => formatCount(countOf(verification)),
  },
  {
    id: 'finished',
    header: CASES_TEXT.finished,
    cell: ({ verification }) => <DateTime value={verification.finishedAt} precision="day" />,
  },
];

const REPORT_COLUMNS: readonly SimpleColumn<Report>[] = [
  {
    id: 'title',
    header: CASES_TEXT.report,
    isRowHeader: true,
    cell: (r) => <LinkButton onPress={() => navigate('evidence', { reportId: r.id })}>{r.title}</LinkButton>,
  },
  { id: 'made', header: CASES_TEXT.made, cell: (r) => <DateTime value={r.createdAt} precision="day" /> },
];

const PACK_COLUMNS: readonly SimpleColumn<EvidencePack>[] = [
  {
    id: 'name',
    header: CASES_TEXT.pack,
    isRowHeader: true,
    cell: (p) => <LinkButton onPress={() => navigate('evidence', { packId: p.id })}>{p.fileName}</LinkButton>,
  },
  {
    id: 'complete',
    header: CASES_TEXT.completeness,
    cell: (p) =>
      p.completeness === 'complete' ? (
        <Badge tone="pass">{CASES_TEXT.complete}</Badge>
      ) : (
        <Badge tone="attention">{CASES_TEXT.partial}</Badge>
      ),
  },
  { id: 'size', header: CASES_TEXT.size, align: 'end', cell: (p) => formatBytes(p.bytes) },
  { id: 'made', header: CASES_TEXT.made, cell: (p) => <DateTime value={p.createdAt} precision="day" /> },
];

const stepWords = (step: NextStep): { readonly text: string; readonly label: string } => {
  switch (step.kind) {
    case 'verify':
      return { text: CASES_TEXT.nextVerify(step.log.name), label: CASES_TEXT.nextVerifyDo };
    case 'anchor':
      return { text: CASES_TEXT.nextAnchor(step.log.name), label: CASES_TEXT.nextAnchorDo };
    case 'pack':
      return { text: CASES_TEXT.nextPack(step.results), label: CASES_TEXT.nextPackDo };
  }
};

const NextStepLine = ({ step, caseId }: { readonly step: NextStep; readonly caseId: CaseId }) => {
  const setCase = useUi((s) => s.setCase);
  const words = stepWords(step);
  const go = (): void => {
    setCase(caseId);
    if (step.kind === 'pack') navigate('evidence', { intent: 'build' });
    else navigate('audit', { importId: step.log.id, intent: 'verify' });
  };
  return (
    <div className="next-step">
      <ArrowRight className="icon" aria-hidden />
      <p>
        <strong>{CASES_TEXT.next}:</strong> {words.text}
      </p>
      <Button size="small" onPress={go}>
        {words.label}
      </Button>
    </div>
  );
};

export const CaseContents = ({ caseId }: { readonly caseId: CaseId }) => {
  const imports = useOperation('audit.imports', { caseId });
  const verifications = useOperation('audit.verifications', { caseId });
  const reports = useOperation('reports.list', { caseId });
  const packs = useOperation('evidence.packs', { caseId });
  const setCase = useUi((s) => s.setCase);
  const error = imports.error ?? verifications.error ?? reports.error ?? packs.error;
  if (error !== null) return <ErrorNotice error={describeError(error)} />;
  if (
    imports.data === undefined ||
    verifications.data === undefined ||
    reports.data === undefined ||
    packs.data === undefined
  )
    return <Skeleton lines={4} />;

  const runs = verifications.data.toSorted(newestFirst);
  const logs = imports.data;
  const nameOf = (v: VerificationSummary): string =>
    logs.find((log) => log.id === v.importId)?.name ?? CASES_TEXT.unknownLog;
  const goImport = (): void => {
    setCase(caseId);
    navigate('audit', { intent: 'import' });
  };
  if (logs.length === 0 && packs.data.length === 0 && reports.data.length === 0) {
    return (
      <Panel title={CASES_TEXT.contents} headingLevel={3}>
        <EmptyState
          icon={FileInput}
          title={CASES_TEXT.contentsEmptyTitle}
          actions={
            <Button variant="primary" icon={FileInput} onPress={goImport}>
              {CASES_TEXT.importLog}
            </Button>
          }
        >
          {CASES_TEXT.contentsEmptyBody}
        </EmptyState>
      </Panel>
    );
  }
  const step = nextStep(logs, runs, packs.data);
  return (
    <>
      {step === null ? null : <NextStepLine step={step} caseId={caseId} />}
      <Panel
        title={CASES_TEXT.logs}
        aside={formatCount(logs.length)}
        isFlush
        headingLevel={3}
        actions={
          <Button size="small" icon={FileInput} onPress={goImport}>
            {CASES_TEXT.importLog}
          </Button>
        }
      >
        <SimpleTable
          label={CASES_TEXT.logs}
          columns={LOG_COLUMNS}
          rows={logs.map((log) => ({ log, latest: runs.find((v) => v.importId === log.id) }))}
          rowKey={({ log }) => log.id}
        />
      </Panel>
      {runs.length === 0 ? null : (
        <Panel title={CASES_TEXT.verifications} aside={formatCount(runs.length)} isFlush headingLevel={3}>
          <SimpleTable
            label={CASES_TEXT.verifications}
            columns={VERIFICATION_COLUMNS}
            rows={runs.map((verification) => ({ verification, logName: nameOf(verification) }))}
            rowKey={({ verification }) => verification.id}
          />
        </Panel>
      )}
      {reports.data.length === 0 ? null : (
        <Panel title={CASES_TEXT.reports} aside={formatCount(reports.data.length)} isFlush headingLevel={3}>
          <SimpleTable
            label={CASES_TEXT.reports}
            columns={REPORT_COLUMNS}
            rows={reports.data}
            rowKey={(r) => r.id}
          />
        </Panel>
      )}
      {packs.data.length === 0 ? null : (
        <Panel title={CASES_TEXT.packs} aside={formatCount(packs.data.length)} isFlush headingLevel={3}>
          <SimpleTable
            label={CASES_TEXT.packs}
            columns={PACK_COLUMNS}
            rows={packs.data}
            rowKey={(p) => p.id}
          />
        </Panel>
      )}
    </>
  );
};
