// One imported log: what was taken in, its format and why, and its verification.
import { ListTree } from 'lucide-react';
import type { Detection, ImportedLog, VerificationSummary } from '../../../shared/model/audit.ts';
import { useOperation } from '../../bridge/use-operation.ts';
import { navigate, useUi } from '../../state/ui-store.ts';
import { Button } from '../../ui/button.tsx';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { Badge, DateTime, HashText } from '../../ui/marks.tsx';
import { Callout, KeyValueList, Panel } from '../../ui/panels.tsx';
import { VerdictBadge } from '../../ui/verdict-badge.tsx';
import { Prose } from '../../ui/prose.tsx';
import { History } from './history.tsx';
import { newestFirst } from './log-rows.ts';
import { READING_TEXT } from './reading/text.ts';
import { AUDIT_TEXT } from './text.ts';
import { VerifyForm } from './verify-form.tsx';

const percent = (confidence: number): string => `${Math.round(confidence * 100)} %`;

const UnknownFormat = () => {
  const formats = useOperation('audit.formats', {}, { staleTime: Infinity });
  return (
    <Callout tone="attention" title={AUDIT_TEXT.unknownTitle}>
      <p>{AUDIT_TEXT.unknownBody}</p>
      <ul className="plain-list">
        {(formats.data ?? []).map((format) => (
          <li key={format.id}>
            <strong>{format.title}</strong>: {format.summary}
          </li>
        ))}
      </ul>
    </Callout>
  );
};

const Format = ({ detections }: { readonly detections: readonly Detection[] }) => {
  const [best, ...others] = detections.toSorted((a, b) => b.confidence - a.confidence);
  if (best === undefined) return <UnknownFormat />;
  return (
    <KeyValueList
      items={[
        {
          id: 'detected',
          label: AUDIT_TEXT.detected,
          value: (
            <span className="row">
              <strong>{best.title}</strong>{' '}
              <Badge tone="info">{AUDIT_TEXT.sure(percent(best.confidence))}</Badge>
            </span>
          ),
        },
        { id: 'because', label: AUDIT_TEXT.because, value: <Prose text={best.reason} /> },
        ...(others.length === 0
          ? []
          : [
              {
                id: 'others',
                label: AUDIT_TEXT.alternatives,
                value: (
                  <ul className="plain-list">
                    {others.map((other) => (
                      <li key={other.format}>
                        {AUDIT_TEXT.alternative(other.title, percent(other.confidence))}:{' '}
                        <Prose text={other.reason} />
                      </li>
                    ))}
                  </ul>
                ),
              },
            ]),
      ]}
    />
  );
};

export interface LogDetailProps {
  readonly log: ImportedLog;
  /** Verifications of any log; those of this one are picked out. */
  readonly verifications: readonly VerificationSummary[];
}

export const LogDetail = ({ log, verifications }: LogDetailProps) => {
  const cases = useOperation('cases.list', {});
  const isAllCases = useUi((s) => s.caseId === null);
  const own = verifications.filter((v) => v.importId === log.id).toSorted(newestFirst);
  const [latest] = own;
  const caseName = cases.data?.find((c) => c.id === log.caseId)?.name;
  return (
    <section className="log-detail" data-region="" aria-labelledby="log-title">
      <div className="log-detail-head">
        <h2 id="log-title">{log.name}</h2>
        {latest === undefined ? (
          <Badge>{AUDIT_TEXT.notVerified}</Badge>
        ) : (
          <VerdictBadge verdict={latest.verdict} />
        )}
        <Button
          size="small"
          icon={ListTree}
          onPress={() => navigate('audit', { importId: log.id, intent: 'read' })}
        >
          {READING_TEXT.read}
        </Button>
      </div>
      <Panel title={AUDIT_TEXT.format} headingLevel={3}>
        <Format detections={log.detections} />
      </Panel>
      <VerifyForm key={log.id} log={log} latest={latest} />
      <History verifications={own} headingLevel={3} />
      <Panel title={AUDIT_TEXT.about} headingLevel={3}>
        <KeyValueList
          items={[
            {
              id: 'sha256',
              label: AUDIT_TEXT.digest,
              value: (
                <>
                  <HashText value={log.sha256} label="digest of the log" form="full" />
                  <span className="audit-hint">
                    {log.kind === 'file' ? AUDIT_TEXT.digestFile : AUDIT_TEXT.digestFolder}
                  </span>
                </>
              ),
            },
            {
              id: 'size',
              label: AUDIT_TEXT.size,
              value: `${formatBytes(log.bytes)} (${formatCount(log.bytes)} B)`,
            },
            ...(log.kind === 'folder'
              ? [{ id: 'files', label: AUDIT_TEXT.files, value: formatCount(log.files) }]
              : []),
            { id: 'at', label: AUDIT_TEXT.importedAt, value: <DateTime value={log.importedAt} /> },
            {
              id: 'custody',
              label: AUDIT_TEXT.custody,
              value: log.custody === 'copied' ? AUDIT_TEXT.copied : AUDIT_TEXT.referenced,
            },
            ...(isAllCases && caseName !== undefined
              ? [{ id: 'case', label: AUDIT_TEXT.caseName, value: caseName }]
              : []),
          ]}
        />
      </Panel>
    </section>
  );
};
