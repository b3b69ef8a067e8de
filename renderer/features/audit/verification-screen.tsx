// One finished verification: verdict, figures, strip, findings and records, coverage, history.
import { Anchor, FileText, ListTree, PackagePlus, ShieldCheck } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { VerificationId } from '../../../shared/model/ids.ts';
import { JobProgress } from '../../bridge/job-progress-view.tsx';
import { describeError } from '../../bridge/operation-error.ts';
import { useOperation } from '../../bridge/use-operation.ts';
import { useReadOnly } from '../../bridge/use-read-only.ts';
import { useCommands, type Command } from '../../state/feature.ts';
import { navigate } from '../../state/ui-store.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { DateTime, Skeleton } from '../../ui/marks.tsx';
import { ErrorNotice, Page } from '../../ui/panels.tsx';
import { Anchors, ForkProof } from './anchors.tsx';
import { Coverage, Figures } from './figures.tsx';
import { HeadDialog } from './head-dialog.tsx';
import { History } from './history.tsx';
import { useOwnJob } from '../../bridge/use-own-job.ts';
import { READING_TEXT } from './reading/text.ts';
import { RecipePanel } from './recipe-panel.tsx';
import { AUDIT_TEXT } from './text.ts';
import { VerdictBanner } from './verdict-banner.tsx';
import { goToResult, useRunningVerifications } from './verify-form.tsx';
import { Workbench } from './workbench.tsx';

export const VerificationScreen = ({ id }: { readonly id: VerificationId }) => {
  const answer = useOperation('audit.report', { id }, { staleTime: Infinity });
  const summary = answer.data?.summary;
  const report = answer.data?.report;
  const others = useOperation(
    'audit.verifications',
    summary === undefined ? {} : { importId: summary.importId },
    { enabled: summary !== undefined },
  );
  const [isHeadOpen, setHeadOpen] = useState(false);
  const own = useOwnJob(goToResult);
  const running = useRunningVerifications(
    summary === undefined || report === undefined
      ? undefined
      : { name: report.source.name, caseId: summary.caseId },
  );
  const isReadOnly = useReadOnly();
  const importId = summary?.importId;

  useCommands(
    'audit',
    useMemo<readonly Command[]>(
      () => [
        {
          id: 'audit.head',
          title: AUDIT_TEXT.enterHead,
          keywords: 'anchor',
          icon: Anchor,
          run: () => setHeadOpen(true),
        },
        {
          id: 'audit.report',
          title: AUDIT_TEXT.createReport,
          keywords: 'pdf html',
          icon: FileText,
          run: () => navigate('evidence', { verificationId: id, intent: 'report' }),
        },
        {
          id: 'audit.pack',
          title: AUDIT_TEXT.addToPack,
          icon: PackagePlus,
          run: () => navigate('evidence', { verificationId: id, intent: 'build' }),
        },
        ...(importId === undefined
          ? []
          : [
              {
                id: 'audit.verify',
                title: AUDIT_TEXT.verifyAgain,
                keys: 'Mod+Enter',
                icon: ShieldCheck,
                run: () => navigate('audit', { importId, intent: 'verify' }),
              },
            ]),
      ],
      [id, importId],
    ),
  );

  if (answer.error !== null) {
    return (
      <Page title={AUDIT_TEXT.title}>
        <ErrorNotice
          error={describeError(answer.error)}
          actions={<LinkButton onPress={() => navigate('audit', {})}>{AUDIT_TEXT.title}</LinkButton>}
        />
      </Page>
    );
  }
  if (summary === undefined || report === undefined) {
    return (
      <Page title={AUDIT_TEXT.title}>
        <Skeleton lines={8} />
      </Page>
    );
  }
  const needsHead = !report.anchored && report.head !== null && report.verdict !== 'NOT_TAMPER_EVIDENT';
  const verifyAgain = (
    <Button
      icon={ShieldCheck}
      onPress={() => navigate('audit', { importId: summary.importId, intent: 'verify' })}
    >
      {AUDIT_TEXT.verifyAgain}
    </Button>
  );
  const enterHead = (
    <Button
      icon={Anchor}
      onPress={() => setHeadOpen(true)}
      isDisabled={isReadOnly || running.length > 0}
      {...(needsHead && report.verdict === 'INTACT_BUT_UNANCHORED' ? { variant: 'primary' as const } : {})}
    >
      {AUDIT_TEXT.enterHead}
    </Button>
  );
  return (
    <Page
      title={report.source.name}
      summary={
        <>
          <LinkButton onPress={() => navigate('audit', { importId: summary.importId })}>
            {AUDIT_TEXT.backToLog}
          </LinkButton>{' '}
          · {AUDIT_TEXT.ofFinished} <DateTime value={summary.finishedAt} />
        </>
      }
      actions={
        <>
          {needsHead ? null : verifyAgain}
          <Button
            icon={ListTree}
            onPress={() => navigate('audit', { importId: summary.importId, intent: 'read' })}
          >
            {READING_TEXT.read}
          </Button>
          <Button
            icon={FileText}
            isDisabled={isReadOnly}
            onPress={() => navigate('evidence', { verificationId: id, intent: 'report' })}
          >
            {AUDIT_TEXT.createReport}
          </Button>
          <Button
            icon={PackagePlus}
            isDisabled={isReadOnly}
            onPress={() => navigate('evidence', { verificationId: id, intent: 'build' })}
          >
            {AUDIT_TEXT.addToPack}
          </Button>
        </>
      }
    >
      {own.failure === null ? null : <ErrorNotice error={own.failure} />}
      {running.map((job) => (
        <JobProgress key={job.id} job={job} />
      ))}
      <VerdictBanner
        report={report}
        actions={
          needsHead ? (
            <>
              {enterHead}
              {verifyAgain}
            </>
          ) : undefined
        }
      />
      <ForkProof id={id} report={report} />
      <Figures summary={summary} report={report} />
      <Anchors anchors={report.anchors ?? []} />
      <Workbench summary={summary} report={report} />
      {report.recipe === undefined ? null : (
        <RecipePanel recipe={report.recipe} importId={summary.importId} />
      )}
      <Coverage coverage={report.coverage} />
      <History verifications={others.data ?? [summary]} current={id} />
      <HeadDialog
        summary={summary}
        isOpen={isHeadOpen}
        onClose={() => setHeadOpen(false)}
        onStarted={own.start}
      />
    </Page>
  );
};
