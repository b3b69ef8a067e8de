// The answer of a pack check: the verdict, every step by name, the pack and who signed it.
import { PackageSearch } from 'lucide-react';
import type { PackVerification } from '../../../shared/model/evidence.ts';
import type { JobId } from '../../../shared/model/ids.ts';
import { JobProgress } from '../../bridge/job-progress-view.tsx';
import { isFinished } from '../../bridge/job-progress.ts';
import { describeCode, describeError } from '../../bridge/operation-error.ts';
import { useJob } from '../../bridge/use-jobs.ts';
import { useOperation } from '../../bridge/use-operation.ts';
import { navigate } from '../../state/ui-store.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { formatBytes, formatCount, formatInstant } from '../../ui/format.ts';
import { Badge, HashText, Skeleton } from '../../ui/marks.tsx';
import { ErrorNotice, KeyValueList, Page, Panel } from '../../ui/panels.tsx';
import { TONE_ICONS } from '../../ui/tone.ts';
import { Fingerprint } from './identity-card.tsx';
import { countSteps, packTone, stepTone, type StepStatus } from './pack-words.ts';
import { EVIDENCE_TEXT } from './text.ts';

const SHOWN_ITEMS = 100;

const Banner = ({ result }: { readonly result: PackVerification }) => {
  const tone = packTone(result.verdict);
  const words = EVIDENCE_TEXT.verdicts[result.verdict];
  const Icon = TONE_ICONS[tone];
  const counts = countSteps(result.steps);
  const shown = (['fail', 'not-checked', 'pass'] as const satisfies readonly StepStatus[]).filter(
    (status) => counts[status] > 0,
  );
  return (
    <section className="pack-verdict" data-tone={tone} aria-label={EVIDENCE_TEXT.checkResult}>
      <div className="row">
        <h2>
          <Icon className="icon" aria-hidden />
          {words.word}
        </h2>
        <code className="muted">{result.verdict}</code>
        {shown.map((status) => (
          <Badge key={status} tone={stepTone(status)} withIcon>
            {EVIDENCE_TEXT.statusCount[status](formatCount(counts[status]))}
          </Badge>
        ))}
      </div>
      <p className="pack-meaning">{words.meaning}</p>
      <p>{words.next}</p>
    </section>
  );
};

const Steps = ({ steps }: { readonly steps: PackVerification['steps'] }) => (
  <ol className="steps" aria-label={EVIDENCE_TEXT.checkSteps}>
    {steps.map((step) => (
      <li key={step.id} className="step">
        <Badge tone={stepTone(step.status)} withIcon>
          {EVIDENCE_TEXT.status[step.status]}
        </Badge>
        <div className="step-body">
          <h3>{EVIDENCE_TEXT.steps[step.id]}</h3>
          <p className="muted">{step.detail}</p>
          {step.items.length === 0 ? null : (
            <details className="step-items" open={step.status === 'fail' && step.items.length <= 10}>
              <summary>{EVIDENCE_TEXT.checkItems(formatCount(step.items.length))}</summary>
              <ul className="mono">
                {[...new Set(step.items)].slice(0, SHOWN_ITEMS).map((item) => (
                  <li key={item}>{item}</li>
                ))}
                {step.items.length > SHOWN_ITEMS ? (
                  <li>{EVIDENCE_TEXT.checkMore(formatCount(step.items.length - SHOWN_ITEMS))}</li>
                ) : null}
              </ul>
            </details>
          )}
        </div>
      </li>
    ))}
  </ol>
);

const notStated = <span className="muted">{EVIDENCE_TEXT.notStated}</span>;

const PackFacts = ({ pack }: { readonly pack: PackVerification['pack'] }) => (
  <Panel title={EVIDENCE_TEXT.checkedPack}>
    <KeyValueList
      items={[
        { id: 'name', label: EVIDENCE_TEXT.packFile, value: pack.name },
        {
          id: 'sha',
          label: EVIDENCE_TEXT.packDigest,
          value: <HashText value={pack.sha256} label="SHA-256 of the pack" form="full" />,
        },
        { id: 'size', label: EVIDENCE_TEXT.size, value: formatBytes(pack.bytes) },
        { id: 'files', label: EVIDENCE_TEXT.files, value: formatCount(pack.files) },
        { id: 'made', label: EVIDENCE_TEXT.baggingDate, value: pack.baggingDate ?? notStated },
        { id: 'complete', label: EVIDENCE_TEXT.completeness, value: pack.completeness ?? notStated },
        {
          id: 'id',
          label: EVIDENCE_TEXT.externalId,
          value:
            pack.externalIdentifier === null ? (
              notStated
            ) : (
              <span className="mono">{pack.externalIdentifier}</span>
            ),
        },
        {
          id: 'head',
          label: EVIDENCE_TEXT.auditHead,
          value:
            pack.auditLogHead === null ? (
              notStated
            ) : (
              <HashText value={pack.auditLogHead} label="audit log head" />
            ),
        },
      ]}
    />
  </Panel>
);

const SignerFacts = ({ signer }: { readonly signer: PackVerification['signer'] }) => (
  <Panel title={EVIDENCE_TEXT.checkedSigner}>
    {signer === null ? (
      <p className="muted">{EVIDENCE_TEXT.noSigner}</p>
    ) : (
      <KeyValueList
        items={[
          {
            id: 'subject',
            label: EVIDENCE_TEXT.subject,
            value: (
              <>
                {signer.subject}
                <span className="hint muted">{EVIDENCE_TEXT.subjectHelp}</span>
              </>
            ),
          },
          {
            id: 'issuer',
            label: EVIDENCE_TEXT.issuer,
            value:
              signer.issuerFingerprint === null ? (
                <span className="muted">{EVIDENCE_TEXT.noIssuer}</span>
              ) : (
                <Fingerprint value={signer.issuerFingerprint} label={EVIDENCE_TEXT.rootFingerprint} />
              ),
          },
          {
            id: 'fingerprint',
            label: EVIDENCE_TEXT.signerFingerprint,
            value: (
              <HashText
                value={signer.fingerprint}
                label="fingerprint of the signer certificate"
                form="full"
              />
            ),
          },
          { id: 'from', label: EVIDENCE_TEXT.validFrom, value: formatInstant(signer.notBefore) },
          { id: 'until', label: EVIDENCE_TEXT.validUntil, value: formatInstant(signer.notAfter) },
        ]}
      />
    )}
  </Panel>
);

export const CheckScreen = ({ jobId }: { readonly jobId: JobId }) => {
  const job = useJob(jobId);
  const isDone = job?.state === 'succeeded';
  const answer = useOperation(
    'evidence.verification',
    { jobId },
    { enabled: job === undefined || isDone, staleTime: Infinity },
  );
  const failure =
    job !== undefined && isFinished(job) && !isDone
      ? describeCode(
          job.failure?.code ?? (job.state === 'cancelled' ? 'job.cancelled' : 'job.crashed'),
          job.failure?.params,
        )
      : answer.error === null || (job !== undefined && !isDone)
        ? null
        : describeError(answer.error);
  return (
    <Page
      title={answer.data?.pack.name ?? job?.title ?? EVIDENCE_TEXT.checkResult}
      summary={
        <LinkButton onPress={() => navigate('evidence', {})}>{EVIDENCE_TEXT.backToEvidence}</LinkButton>
      }
      actions={
        <Button icon={PackageSearch} onPress={() => navigate('evidence', { intent: 'check' })}>
          {EVIDENCE_TEXT.checkAgain}
        </Button>
      }
    >
      {failure === null ? null : <ErrorNotice error={failure} />}
      {job !== undefined && !isFinished(job) ? <JobProgress job={job} /> : null}
      {answer.data === undefined ? (
        failure === null ? (
          <Skeleton lines={6} label={EVIDENCE_TEXT.checkRunning} />
        ) : null
      ) : (
        <>
          <Banner result={answer.data} />
          <Panel title={EVIDENCE_TEXT.checkSteps} isFlush>
            <Steps steps={answer.data.steps} />
          </Panel>
          <div className="pack-facts">
            <SignerFacts signer={answer.data.signer} />
            <PackFacts pack={answer.data.pack} />
          </div>
        </>
      )}
    </Page>
  );
};
