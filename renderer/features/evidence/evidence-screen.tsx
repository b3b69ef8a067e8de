// The evidence room: packs, reports and the signing identity; or one pack, or the answer of one pack check.
import { PackagePlus, PackageSearch } from 'lucide-react';
import { useEffect } from 'react';
import type { Report } from '../../../shared/model/evidence.ts';
import type { PackId, ReportId } from '../../../shared/model/ids.ts';
import type { Job, JobKind } from '../../../shared/model/job.ts';
import { JobProgress } from '../../bridge/job-progress-view.tsx';
import { isFinished } from '../../bridge/job-progress.ts';
import { describeError } from '../../bridge/operation-error.ts';
import { useJobs } from '../../bridge/use-jobs.ts';
import { useCommand, useOperation } from '../../bridge/use-operation.ts';
import { useReadOnly } from '../../bridge/use-read-only.ts';
import { navigate, replacePlace, useParams, useUi } from '../../state/ui-store.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Skeleton } from '../../ui/marks.tsx';
import { Callout, ErrorNotice, Page } from '../../ui/panels.tsx';
import { BuildDialog } from './build-dialog.tsx';
import { CheckDialog } from './check-dialog.tsx';
import { CheckScreen } from './check-screen.tsx';
import { Packs, Reports } from './evidence-lists.tsx';
import { IdentityCard } from './identity-card.tsx';
import { useOwnJob, type OwnJob } from '../../bridge/use-own-job.ts';
import { PackScreen } from './pack-screen.tsx';
import { SaveButtons, SaveOutcome, useSaveReport, type SaveReport } from './save-report.tsx';
import { EVIDENCE_TEXT } from './text.ts';

const ROOM_JOBS: ReadonlySet<JobKind> = new Set(['report.create', 'evidence.build', 'evidence.verify']);

const openMade = (job: Job): void => {
  if (job.kind === 'evidence.verify') navigate('evidence', { checkJobId: job.id });
  else if (job.result !== null)
    navigate(
      'evidence',
      job.kind === 'report.create' ? { reportId: job.result as ReportId } : { packId: job.result as PackId },
    );
};

const ReportReady = ({ report, saving }: { readonly report: Report; readonly saving: SaveReport }) => (
  <div role="status">
    <Callout
      tone="pass"
      title={EVIDENCE_TEXT.reportReady}
      actions={
        <>
          <SaveButtons report={report} saving={saving} />
          <LinkButton onPress={() => navigate('audit', { verificationId: report.verificationId })}>
            {EVIDENCE_TEXT.reportOf}
          </LinkButton>
        </>
      }
    >
      {report.title}
    </Callout>
  </div>
);

interface OverviewProps {
  readonly own: OwnJob;
  /** Why a report could not be started. */
  readonly reportError: Error | null;
}

const Overview = ({ own, reportError }: OverviewProps) => {
  const caseId = useUi((s) => s.caseId);
  const { reportId, packId } = useParams('evidence');
  const isReadOnly = useReadOnly();
  const scope = caseId === null ? {} : { caseId };
  const isLinked = reportId !== undefined || packId !== undefined;
  const packs = useOperation('evidence.packs', scope);
  const reports = useOperation('reports.list', scope);
  // A link may lead to a pack or report of another case than the one picked in the top bar.
  const allPacks = useOperation('evidence.packs', {}, { enabled: isLinked });
  const allReports = useOperation('reports.list', {}, { enabled: isLinked });
  const saving = useSaveReport();
  const running = useJobs().filter(
    (job) =>
      ROOM_JOBS.has(job.kind) &&
      !isFinished(job) &&
      (caseId === null || job.caseId === null || job.caseId === caseId),
  );
  const error = packs.error ?? reports.error ?? reportError;
  const pack = allPacks.data?.find((p) => p.id === packId);
  const report = allReports.data?.find((r) => r.id === reportId);
  if (pack !== undefined) return <PackScreen pack={pack} />;
  const build = (): void => replacePlace('evidence', { intent: 'build' });
  return (
    <Page
      title={EVIDENCE_TEXT.title}
      summary={EVIDENCE_TEXT.summary}
      actions={
        <>
          <Button icon={PackageSearch} onPress={() => replacePlace('evidence', { intent: 'check' })}>
            {EVIDENCE_TEXT.checkPack}
          </Button>
          <Button variant="primary" icon={PackagePlus} isDisabled={isReadOnly} onPress={build}>
            {EVIDENCE_TEXT.buildPack}
          </Button>
        </>
      }
    >
      {error === null ? null : <ErrorNotice error={describeError(error)} />}
      {own.failure === null ? null : (
        <ErrorNotice
          error={own.failure}
          actions={
            <Button size="small" onPress={own.dismiss}>
              {EVIDENCE_TEXT.dismiss}
            </Button>
          }
        />
      )}
      {running.map((job) => (
        <JobProgress key={job.id} job={job} />
      ))}
      {report === undefined ? null : <ReportReady report={report} saving={saving} />}
      <SaveOutcome saving={saving} />
      {packs.data === undefined || reports.data === undefined ? (
        error === null ? (
          <Skeleton lines={6} />
        ) : null
      ) : (
        <>
          <Packs
            packs={packs.data.toSorted((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt))}
            onBuild={build}
          />
          <Reports
            reports={reports.data.toSorted((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt))}
            saving={saving}
          />
        </>
      )}
      <IdentityCard />
    </Page>
  );
};

export const EvidenceScreen = () => {
  const params = useParams('evidence');
  const own = useOwnJob(openMade);
  const { start } = own;
  const report = useCommand('reports.create', { onDone: ({ jobId }) => start(jobId) });
  const { mutate: createReport } = report;
  useEffect(() => {
    if (params.intent !== 'report' || params.verificationId === undefined) return;
    replacePlace('evidence', {});
    createReport({ verificationId: params.verificationId });
  }, [params, createReport]);
  const close = (): void => {
    if (useUi.getState().trail.here.room === 'evidence') replacePlace('evidence', {});
  };
  return (
    <>
      {params.checkJobId === undefined ? (
        <Overview own={own} reportError={report.error} />
      ) : (
        <CheckScreen key={params.checkJobId} jobId={params.checkJobId} />
      )}
      {params.intent === 'build' ? (
        <BuildDialog from={params.verificationId} onClose={close} onStarted={start} />
      ) : null}
      {params.intent === 'check' ? <CheckDialog onClose={close} onStarted={start} /> : null}
    </>
  );
};
