// The audit room: the logs of the case with one of them beside, or one finished verification.
import { FileInput } from 'lucide-react';
import type { CaseId, ImportId } from '../../../shared/model/ids.ts';
import { describeError } from '../../bridge/operation-error.ts';
import { useOperation } from '../../bridge/use-operation.ts';
import { useReadOnly } from '../../bridge/use-read-only.ts';
import { replacePlace, useParams, useUi } from '../../state/ui-store.ts';
import { Button } from '../../ui/button.tsx';
import { DropZone } from '../../ui/drop-zone.tsx';
import { plural } from '../../ui/format.ts';
import { Skeleton } from '../../ui/marks.tsx';
import { EmptyState, ErrorNotice, Page } from '../../ui/panels.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { UI_TEXT } from '../../ui/text.ts';
import { ImportDialog, ImportForm } from './import-form.tsx';
import { LogDetail } from './log-detail.tsx';
import { LogList, RunningImports } from './log-list.tsx';
import { AUDIT_TEXT } from './text.ts';
import { useImports, type Imports } from './use-imports.ts';
import { ReadingScreen } from './reading/reading-screen.tsx';
import { VerificationScreen } from './verification-screen.tsx';

const openImport = (): void => {
  const { here } = useUi.getState().trail;
  replacePlace('audit', { ...(here.room === 'audit' ? here.params : {}), intent: 'import' });
};

const Failures = ({ imports }: { readonly imports: Imports }) =>
  imports.failures.length === 0 ? null : (
    <div className="import-failures stack">
      {imports.failures.map((failure, at) => (
        <ErrorNotice
          // oxlint-disable-next-line react/no-array-index-key -- failures are only added, and dismissed together
          key={at}
          error={failure}
          actions={
            <Button size="small" onPress={imports.dismiss}>
              {UI_TEXT.dismiss}
            </Button>
          }
        />
      ))}
    </div>
  );

const useDropCase = (): CaseId | null => {
  const picked = useUi((s) => s.caseId);
  const cases = useOperation('cases.list', {});
  return picked ?? (cases.data?.length === 1 ? (cases.data[0]?.id ?? null) : null);
};

/** A link may lead to a log of another case than the one picked in the top bar. */
const LinkedLog = ({ id }: { readonly id: ImportId }) => {
  const log = useOperation('audit.getImport', { id });
  const verifications = useOperation('audit.verifications', { importId: id });
  const error = log.error ?? verifications.error;
  if (error === null && log.data !== undefined && verifications.data !== undefined)
    return <LogDetail log={log.data} verifications={verifications.data} />;
  return (
    <div className="page-body">
      {error === null ? <Skeleton lines={6} /> : <ErrorNotice error={describeError(error)} />}
    </div>
  );
};

const LogsScreen = ({ imports }: { readonly imports: Imports }) => {
  const picked = useUi((s) => s.caseId);
  const params = useParams('audit');
  const isReadOnly = useReadOnly();
  const dropCase = useDropCase();
  const scope = picked === null ? {} : { caseId: picked };
  const logs = useOperation('audit.imports', scope);
  const verifications = useOperation('audit.verifications', scope);
  const error = logs.error ?? verifications.error;
  const selected = logs.data?.find((log) => log.id === params.importId);
  const isEmpty = logs.data?.length === 0 && params.importId === undefined;

  const content =
    error !== null ? (
      <div className="page-body">
        <ErrorNotice error={describeError(error)} />
      </div>
    ) : logs.data === undefined || verifications.data === undefined ? (
      <div className="page-body">
        <Skeleton lines={6} />
      </div>
    ) : isEmpty ? (
      <div className="audit-start">
        <RunningImports />
        <h2>{AUDIT_TEXT.emptyTitle}</h2>
        <p className="muted">{AUDIT_TEXT.emptyBody}</p>
        <ImportForm imports={imports} />
      </div>
    ) : (
      <SplitPane
        label={AUDIT_TEXT.listPane}
        initial={540}
        min={300}
        max={900}
        first={
          <LogList
            logs={logs.data}
            verifications={verifications.data}
            selected={params.importId}
            onSelect={(importId) => replacePlace('audit', { importId })}
          />
        }
        second={
          selected !== undefined ? (
            <LogDetail key={selected.id} log={selected} verifications={verifications.data} />
          ) : params.importId !== undefined ? (
            <LinkedLog key={params.importId} id={params.importId} />
          ) : (
            <EmptyState title={AUDIT_TEXT.chooseTitle}>{AUDIT_TEXT.chooseBody}</EmptyState>
          )
        }
      />
    );
  return (
    <Page
      isFilled
      title={AUDIT_TEXT.title}
      summary={
        logs.data === undefined || logs.data.length === 0
          ? undefined
          : AUDIT_TEXT.summary(plural(logs.data.length, AUDIT_TEXT.logOne, AUDIT_TEXT.logMany))
      }
      actions={
        isEmpty ? undefined : (
          <Button variant="primary" icon={FileInput} isDisabled={isReadOnly} onPress={openImport}>
            {AUDIT_TEXT.importLog}
          </Button>
        )
      }
    >
      <DropZone
        isWrapper
        label={AUDIT_TEXT.importDrop}
        actions={null}
        isDisabled={isEmpty || isReadOnly}
        onDrop={(files) => {
          if (dropCase === null) openImport();
          else imports.importDropped(dropCase, files);
        }}
      >
        <div className="audit-room">
          <Failures imports={imports} />
          {content}
        </div>
      </DropZone>
    </Page>
  );
};

export const AuditScreen = () => {
  const { intent, ...rest } = useParams('audit');
  const imports = useImports();
  return (
    <>
      {intent === 'read' && rest.importId !== undefined ? (
        <ReadingScreen key={rest.importId} importId={rest.importId} record={rest.record} />
      ) : rest.verificationId === undefined ? (
        <LogsScreen imports={imports} />
      ) : (
        <VerificationScreen key={rest.verificationId} id={rest.verificationId} />
      )}
      <ImportDialog
        imports={imports}
        isOpen={intent === 'import'}
        onClose={() => replacePlace('audit', rest)}
      />
    </>
  );
};
