// Verifying a log: as which format, with which keys, against which trusted head; then the running job.
import { ShieldCheck } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ImportedLog, VerificationSummary } from '../../../shared/model/audit.ts';
import type { VerificationId } from '../../../shared/model/ids.ts';
import type { Job } from '../../../shared/model/job.ts';
import { JobProgress } from '../../bridge/job-progress-view.tsx';
import { isFinished } from '../../bridge/job-progress.ts';
import { describeError } from '../../bridge/operation-error.ts';
import { useJobs } from '../../bridge/use-jobs.ts';
import { useCommand, useOperation } from '../../bridge/use-operation.ts';
import { useReadOnly } from '../../bridge/use-read-only.ts';
import { useCommands } from '../../state/feature.ts';
import { navigate, replacePlace, useParams } from '../../state/ui-store.ts';
import { Button } from '../../ui/button.tsx';
import { Disclosure } from '../../ui/disclosure.tsx';
import { Select } from '../../ui/fields.tsx';
import { ErrorNotice, Panel } from '../../ui/panels.tsx';
import { HeadEntryField, NO_HEAD, headInput } from './head-entry-field.tsx';
import { CompanionFiles, companionsInput, NO_COMPANIONS } from './companion-files.tsx';
import { useOwnJob } from '../../bridge/use-own-job.ts';
import { takeRecipeDraft } from './recipe-draft.ts';
import { RecipeField, recipeInput } from './recipe-field.tsx';
import { AUDIT_TEXT } from './text.ts';

const AUTO = 'auto';

/** Verifications of this log that run now, started here or anywhere. A job names its log by case and file name only. */
export const useRunningVerifications = (
  log: { readonly name: string; readonly caseId: string } | undefined,
): readonly Job[] =>
  useJobs().filter(
    (job) =>
      job.kind === 'audit.verify' && !isFinished(job) && job.title === log?.name && job.caseId === log.caseId,
  );

export const goToResult = (job: Job): void => {
  if (job.result !== null) navigate('audit', { verificationId: job.result as VerificationId });
};

export interface VerifyFormProps {
  readonly log: ImportedLog;
  readonly latest: VerificationSummary | undefined;
}

export const VerifyForm = ({ log, latest }: VerifyFormProps) => {
  const formats = useOperation('audit.formats', {}, { staleTime: Infinity });
  const { intent } = useParams('audit');
  const isReadOnly = useReadOnly();
  const own = useOwnJob(goToResult);
  const running = useRunningVerifications(log);
  const verify = useCommand('audit.verify', { onDone: ({ jobId }) => own.start(jobId) });
  const [format, setFormat] = useState<string>(log.format === null ? '' : AUTO);
  const [companions, setCompanions] = useState(NO_COMPANIONS);
  const [recipe, setRecipe] = useState(() => takeRecipeDraft(log.id));
  const [head, setHead] = useState(NO_HEAD);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (intent !== 'verify') return;
    replacePlace('audit', { importId: log.id });
    button.current?.focus();
    button.current?.scrollIntoView({ block: 'nearest' });
  }, [intent, log.id]);

  const titleOf = (id: string): string =>
    formats.data?.find((f) => f.id === id)?.title ?? log.detections.find((d) => d.format === id)?.title ?? id;
  const options = [
    ...(log.format === null ? [] : [{ id: AUTO, label: AUDIT_TEXT.asDetected(titleOf(log.format)) }]),
    ...(formats.data ?? []).map(({ id, title, summary }) => ({ id, label: title, help: summary })),
  ];
  const effective = format === AUTO ? log.format : format;
  const given = headInput(head);
  const isReady =
    !verify.isPending &&
    given !== null &&
    effective !== null &&
    effective !== '' &&
    !isReadOnly &&
    running.length === 0;
  const { mutate } = verify;
  const { dismiss } = own;
  const run = useCallback(() => {
    if (!isReady || given === null) return;
    dismiss();
    mutate({
      importId: log.id,
      ...(format === AUTO ? {} : { format }),
      ...given,
      ...companionsInput(companions),
      ...recipeInput(recipe),
    });
  }, [isReady, given, dismiss, mutate, log.id, format, companions, recipe]);
  const latestRun = useRef(run);
  useEffect(() => {
    latestRun.current = run;
  }, [run]);
  useCommands(
    'audit',
    useMemo(
      () => [
        {
          id: 'audit.verify',
          title: AUDIT_TEXT.verifyCommand,
          keys: 'Mod+Enter',
          keywords: 'check hash chain',
          icon: ShieldCheck,
          run: () => latestRun.current(),
        },
      ],
      [],
    ),
  );

  return (
    <Panel title={AUDIT_TEXT.verifyTitle} headingLevel={3}>
      <Select
        label={AUDIT_TEXT.formatChoice}
        placeholder={AUDIT_TEXT.chooseFormat}
        options={options}
        value={format === '' ? null : format}
        onChange={setFormat}
      />
      <HeadEntryField value={head} onChange={setHead} head={latest?.head ?? null} isOptional />
      <Disclosure
        title={AUDIT_TEXT.companionsMore}
        isOpenAtFirst={effective === 'aws-cloudtrail' || recipe !== ''}
      >
        <CompanionFiles companions={companions} onChange={setCompanions} />
        <RecipeField json={recipe} onChange={setRecipe} />
      </Disclosure>
      {verify.error === null ? null : <ErrorNotice error={describeError(verify.error)} />}
      {own.failure === null ? null : <ErrorNotice error={own.failure} />}
      {running.map((job) => (
        <JobProgress key={job.id} job={job} />
      ))}
      <div className="row">
        <Button ref={button} variant="primary" icon={ShieldCheck} onPress={run} isDisabled={!isReady}>
          {AUDIT_TEXT.verify}
        </Button>
      </div>
    </Panel>
  );
};
