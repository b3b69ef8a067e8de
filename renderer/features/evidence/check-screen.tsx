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
import { HashText, Skeleton } from '../../ui/marks.tsx';
import { ErrorNotice, KeyValueList, Page, Panel } from '../../ui/panels.tsx';
import { Banner, Steps } from './check-steps.tsx';
import { Fingerprint } from './identity-card.tsx';
import { EVIDENCE_TEXT } from './text.ts';

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
