// Building a pack: the case, which of its verifications go in, whether the logs themselves do, then where to write it.
import { PackagePlus } from 'lucide-react';
import { useState } from 'react';
import { VERDICT_TEXT } from '../../../shared/model/verdict-text.ts';
import type { VerificationSummary } from '../../../shared/model/audit.ts';
import { parseIndexRanges } from '../../../shared/model/index-ranges.ts';
import type { Case } from '../../../shared/model/case.ts';
import type { CaseId, JobId, VerificationId } from '../../../shared/model/ids.ts';
import { describeError } from '../../bridge/operation-error.ts';
import { showError } from '../../bridge/show-error.ts';
import { useFiles } from '../../bridge/use-files.ts';
import { useCommand, useOperation } from '../../bridge/use-operation.ts';
import { useUi } from '../../state/ui-store.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Checkbox, Select, TextField } from '../../ui/fields.tsx';
import { formatInstant } from '../../ui/format.ts';
import { Skeleton } from '../../ui/marks.tsx';
import { ErrorNotice } from '../../ui/panels.tsx';
import { UI_TEXT } from '../../ui/text.ts';
import { MAX_IN_PACK, firstChoice, newestFirst, newestOfEach } from './build-choice.ts';
import { safeFileName } from './pack-words.ts';
import { EVIDENCE_TEXT } from './text.ts';

interface FormProps {
  readonly cases: readonly Case[];
  readonly verifications: readonly VerificationSummary[];
  readonly logNames: ReadonlyMap<string, string>;
  /** The verification that the user came from. */
  readonly from: VerificationId | undefined;
  readonly onClose: () => void;
  readonly onStarted: (jobId: JobId) => void;
}

const BuildForm = ({ cases, verifications, logNames, from, onClose, onStarted }: FormProps) => {
  const files = useFiles();
  const picked = useUi((s) => s.caseId);
  const only = cases.length === 1 ? cases[0]?.id : undefined;
  const [caseId, setCaseId] = useState<CaseId | null>(
    verifications.find(({ id }) => id === from)?.caseId ?? picked ?? only ?? null,
  );
  const ofCase = (id: CaseId | null): readonly VerificationSummary[] =>
    verifications.filter((v) => v.caseId === id).toSorted(newestFirst);
  const [chosen, setChosen] = useState<ReadonlySet<VerificationId>>(
    () => new Set(firstChoice(ofCase(caseId), from)),
  );
  const [includeLog, setIncludeLog] = useState(true);
  const [quoted, setQuoted] = useState('');
  const quote = quoted.trim() === '' ? undefined : parseIndexRanges(quoted);
  const build = useCommand('evidence.build', {
    onDone: ({ jobId }) => {
      onStarted(jobId);
      onClose();
    },
  });
  const list = ofCase(caseId);
  const newest = new Set(newestOfEach(list));
  const record = cases.find((c) => c.id === caseId);
  const problem =
    list.length === 0
      ? null
      : chosen.size === 0
        ? EVIDENCE_TEXT.buildPick
        : chosen.size > MAX_IN_PACK
          ? EVIDENCE_TEXT.buildTooMany
          : null;
  const isReady =
    caseId !== null &&
    list.length > 0 &&
    problem === null &&
    quote !== null &&
    !(quote !== undefined && chosen.size > 1);

  const start = (): void => {
    if (!isReady || build.isPending) return;
    const suggested = safeFileName(
      `evidence-${record?.reference === '' ? record.name : (record?.reference ?? '')}`,
      'zip',
    );
    void files.chooseNew('pack', suggested).then((file) => {
      if (file !== null)
        build.mutate({
          caseId,
          verificationIds: list.filter(({ id }) => chosen.has(id)).map(({ id }) => id),
          includeLog,
          ...(quote === undefined || quote === null ? {} : { quote }),
          to: file.handle,
        });
    }, showError);
  };
  return (
    <Dialog
      title={EVIDENCE_TEXT.buildTitle}
      isOpen
      onClose={onClose}
      size="wide"
      footer={
        <>
          <Button onPress={onClose}>{UI_TEXT.cancel}</Button>
          <Button variant="primary" icon={PackagePlus} isDisabled={!isReady} onPress={start}>
            {EVIDENCE_TEXT.buildAndSign}
          </Button>
        </>
      }
    >
      <div className="stack">
        <Select
          label={EVIDENCE_TEXT.buildCase}
          help={EVIDENCE_TEXT.buildCaseHelp}
          placeholder={EVIDENCE_TEXT.buildChooseCase}
          options={cases.map((c) => ({
            id: c.id,
            label: c.name,
            ...(c.reference === '' ? {} : { help: c.reference }),
          }))}
          value={caseId}
          onChange={(id) => {
            setCaseId(id);
            setChosen(new Set(firstChoice(ofCase(id), undefined)));
          }}
        />
        {caseId === null ? null : (
          <div className="build-list" role="group" aria-label={EVIDENCE_TEXT.buildVerifications}>
            <div className="row">
              <span className="field-label">{EVIDENCE_TEXT.buildVerifications}</span>
              {newest.size < list.length ? (
                <Button
                  size="small"
                  variant="quiet"
                  onPress={() => setChosen(new Set(newestOfEach(list).slice(0, MAX_IN_PACK)))}
                >
                  {EVIDENCE_TEXT.selectNewest}
                </Button>
              ) : null}
            </div>
            {list.length === 0 ? <p className="muted">{EVIDENCE_TEXT.buildNone}</p> : null}
            {list.map((v) => (
              <Checkbox
                key={v.id}
                isSelected={chosen.has(v.id)}
                onChange={(isSelected) =>
                  setChosen(new Set(isSelected ? [...chosen, v.id] : [...chosen].filter((id) => id !== v.id)))
                }
                {...(newest.has(v.id) ? {} : { help: EVIDENCE_TEXT.buildOlder })}
              >
                {EVIDENCE_TEXT.buildOf(
                  logNames.get(v.importId) ?? v.importId,
                  VERDICT_TEXT[v.verdict].word,
                  formatInstant(v.finishedAt),
                )}
              </Checkbox>
            ))}
            {problem === null ? null : <p className="muted">{problem}</p>}
          </div>
        )}
        <Checkbox isSelected={includeLog} onChange={setIncludeLog} help={EVIDENCE_TEXT.includeLogHelp}>
          {EVIDENCE_TEXT.includeLog}
        </Checkbox>
        <TextField
          label={EVIDENCE_TEXT.quote}
          help={EVIDENCE_TEXT.quoteHelp}
          value={quoted}
          onChange={setQuoted}
          isOptional
          isMono
          error={
            quote === null
              ? EVIDENCE_TEXT.quoteBad
              : quote !== undefined && chosen.size > 1
                ? EVIDENCE_TEXT.quoteOne
                : undefined
          }
        />
        {build.error === null ? null : <ErrorNotice error={describeError(build.error)} />}
      </div>
    </Dialog>
  );
};

export type BuildDialogProps = Pick<FormProps, 'from' | 'onClose' | 'onStarted'>;

/** Mounted while it is open, so that each pack starts with a fresh choice. */
export const BuildDialog = (props: BuildDialogProps) => {
  const cases = useOperation('cases.list', {});
  const verifications = useOperation('audit.verifications', {});
  const logs = useOperation('audit.imports', {});
  const error = cases.error ?? verifications.error ?? logs.error;
  if (
    error === null &&
    cases.data !== undefined &&
    verifications.data !== undefined &&
    logs.data !== undefined
  ) {
    return (
      <BuildForm
        {...props}
        cases={cases.data}
        verifications={verifications.data}
        logNames={new Map(logs.data.map((log) => [log.id, log.name]))}
      />
    );
  }
  return (
    <Dialog title={EVIDENCE_TEXT.buildTitle} isOpen onClose={props.onClose} size="wide">
      {error === null ? <Skeleton lines={5} /> : <ErrorNotice error={describeError(error)} />}
    </Dialog>
  );
};
