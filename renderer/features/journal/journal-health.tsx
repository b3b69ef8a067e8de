// Whether the journal is intact, its head, and the two things to do with it: verify now, export.
import { Download, ShieldCheck } from 'lucide-react';
import { useMemo } from 'react';
import type { OperationOutput } from '../../../shared/contract/index.ts';
import type { JournalStatus } from '../../../shared/model/journal.ts';
import { describeError } from '../../bridge/operation-error.ts';
import { showError } from '../../bridge/show-error.ts';
import { useFiles } from '../../bridge/use-files.ts';
import { useCommand } from '../../bridge/use-operation.ts';
import { showToast } from '../../state/toasts.ts';
import { replacePlace, useUi } from '../../state/ui-store.ts';
import { announce } from '../../ui/announcer.tsx';
import { Button } from '../../ui/button.tsx';
import { formatCount, plural } from '../../ui/format.ts';
import { Badge, DateTime, HashText, Skeleton } from '../../ui/marks.tsx';
import { Callout, ErrorNotice } from '../../ui/panels.tsx';
import { UI_TEXT } from '../../ui/text.ts';
import { JOURNAL_TEXT } from './text.ts';

export interface JournalActionsState {
  readonly verify: () => void;
  readonly exportJournal: () => void;
  readonly isVerifying: boolean;
  readonly isExporting: boolean;
  readonly exported: OperationOutput<'journal.export'> | undefined;
  readonly error: Error | null;
  readonly dismiss: () => void;
  /** Does what a command of the palette asked for, once. */
  readonly followIntent: () => void;
}

export const useJournalActions = (): JournalActionsState => {
  const files = useFiles();
  const verify = useCommand('journal.verify', {
    onDone: (status) => {
      const entries = plural(status.entries, JOURNAL_TEXT.entryOne, JOURNAL_TEXT.entryMany);
      const words = JOURNAL_TEXT.verified(entries, status.intact === true);
      announce(words, 'assertive');
      if (status.intact === true) showToast({ tone: 'pass', title: words });
    },
  });
  const write = useCommand('journal.export');
  const { mutate: runVerify, reset: resetVerify } = verify;
  const { mutate: runWrite, reset: resetWrite } = write;
  const intent = useUi((s) => (s.trail.here.room === 'journal' ? s.trail.here.params.intent : undefined));
  return useMemo(() => {
    const exportJournal = (): void => {
      void files
        .chooseNew('journal', `journal-${new Date().toISOString().slice(0, 10)}.jsonl`)
        .then((chosen) => {
          if (chosen !== null) runWrite({ to: chosen.handle });
        }, showError);
    };
    return {
      verify: () => runVerify({}),
      exportJournal,
      isVerifying: verify.isPending,
      isExporting: write.isPending,
      exported: write.data,
      error: verify.error ?? write.error,
      dismiss: () => {
        resetVerify();
        resetWrite();
      },
      followIntent: () => {
        if (intent === undefined) return;
        replacePlace('journal', {});
        if (intent === 'verify') runVerify({});
        else exportJournal();
      },
    };
  }, [
    files,
    intent,
    resetVerify,
    resetWrite,
    runVerify,
    runWrite,
    verify.error,
    verify.isPending,
    write.data,
    write.error,
    write.isPending,
  ]);
};

export const JournalActions = ({ actions }: { readonly actions: JournalActionsState }) => (
  <>
    <Button icon={ShieldCheck} onPress={actions.verify} isPending={actions.isVerifying}>
      {actions.isVerifying ? JOURNAL_TEXT.verifying : JOURNAL_TEXT.verifyNow}
    </Button>
    <Button icon={Download} onPress={actions.exportJournal} isPending={actions.isExporting}>
      {actions.isExporting ? JOURNAL_TEXT.exporting : JOURNAL_TEXT.exportJournal}
    </Button>
  </>
);

const StateBadge = ({ status }: { readonly status: JournalStatus }) =>
  status.intact === null ? (
    <Badge>{JOURNAL_TEXT.checking}</Badge>
  ) : status.intact ? (
    <Badge tone="pass">{JOURNAL_TEXT.intact}</Badge>
  ) : (
    <Badge tone="fail">{JOURNAL_TEXT.notIntact}</Badge>
  );

const MAX_PROBLEMS = 20;

const Problems = ({ status }: { readonly status: JournalStatus }) => (
  <Callout
    tone="fail"
    title={JOURNAL_TEXT.notIntactTitle(
      plural(status.problems.length, JOURNAL_TEXT.problemOne, JOURNAL_TEXT.problemMany),
    )}
  >
    <p>{JOURNAL_TEXT.notIntactBody}</p>
    <ul className="problems">
      {status.problems.slice(0, MAX_PROBLEMS).map((problem) => (
        <li key={`${problem.seq ?? ''} ${problem.record ?? ''} ${problem.message}`}>
          {problem.seq === null ? null : (
            <span className="mono">{JOURNAL_TEXT.entry(String(problem.seq))}: </span>
          )}
          {problem.record === null ? null : <span className="mono">{problem.record}: </span>}
          {problem.message}
        </li>
      ))}
    </ul>
  </Callout>
);

export interface JournalHealthProps {
  readonly status: JournalStatus | undefined;
  readonly error: Error | null;
  readonly actions: JournalActionsState;
}

export const JournalHealth = ({ status, error, actions }: JournalHealthProps) => (
  <div className="journal-health">
    {error !== null ? (
      <ErrorNotice error={describeError(error)} />
    ) : status === undefined ? (
      <Skeleton lines={1} />
    ) : (
      <>
        <dl className="health-line">
          <div>
            <dt className="visually-hidden">{JOURNAL_TEXT.result}</dt>
            <dd>
              <StateBadge status={status} />
            </dd>
          </div>
          <div>
            <dt>{JOURNAL_TEXT.entries}</dt>
            <dd>{formatCount(status.entries)}</dd>
          </div>
          <div>
            <dt>{JOURNAL_TEXT.head}</dt>
            <dd>
              {status.head === null ? (
                <span className="muted">{JOURNAL_TEXT.noHead}</span>
              ) : (
                <HashText value={status.head} label="head hash" />
              )}
            </dd>
          </div>
          <div>
            <dt>{JOURNAL_TEXT.checked}</dt>
            <dd>
              {status.checkedAt === null ? (
                <span className="muted">{JOURNAL_TEXT.neverChecked}</span>
              ) : (
                <DateTime value={status.checkedAt} />
              )}
            </dd>
          </div>
        </dl>
        {status.intact === false ? <Problems status={status} /> : null}
      </>
    )}
    {actions.error === null ? null : <ErrorNotice error={describeError(actions.error)} />}
    {actions.exported === undefined ? null : (
      <div role="status">
        <Callout
          tone="pass"
          title={JOURNAL_TEXT.exportedTitle(
            plural(actions.exported.entries, JOURNAL_TEXT.entryOne, JOURNAL_TEXT.entryMany),
            actions.exported.name,
          )}
          actions={
            <Button size="small" onPress={actions.dismiss}>
              {UI_TEXT.dismiss}
            </Button>
          }
        >
          <p>{JOURNAL_TEXT.exportedBody}</p>
          <HashText value={actions.exported.head} label="head hash" form="full" />
        </Callout>
      </div>
    )}
  </div>
);
