// One pack that was built here: where it went, its digest, how to hand it over, and what is in it.
import { PackageSearch } from 'lucide-react';
import type { EvidencePack } from '../../../shared/model/evidence.ts';
import { VERDICT_TEXT } from '../../../shared/model/verdict-text.ts';
import { useOperation } from '../../bridge/use-operation.ts';
import { navigate } from '../../state/ui-store.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { Badge, DateTime, HashText } from '../../ui/marks.tsx';
import { Callout, KeyValueList, Page, Panel } from '../../ui/panels.tsx';
import { Fingerprint } from './identity-card.tsx';
import { EVIDENCE_TEXT } from './text.ts';

export const CompletenessBadge = ({ pack }: { readonly pack: EvidencePack }) =>
  pack.completeness === 'complete' ? (
    <Badge tone="pass">{EVIDENCE_TEXT.complete}</Badge>
  ) : (
    <Badge tone="attention">{EVIDENCE_TEXT.partial}</Badge>
  );

const Contents = ({ pack }: { readonly pack: EvidencePack }) => {
  const verifications = useOperation('audit.verifications', { caseId: pack.caseId });
  const logs = useOperation('audit.imports', { caseId: pack.caseId });
  return (
    <ul className="pack-contents">
      {pack.verificationIds.map((id) => {
        const made = verifications.data?.find((v) => v.id === id);
        const log = logs.data?.find((l) => l.id === made?.importId);
        return (
          <li key={id}>
            <LinkButton onPress={() => navigate('audit', { verificationId: id })}>
              {log?.name ?? id}
            </LinkButton>
            {made === undefined ? null : <span className="muted">: {VERDICT_TEXT[made.verdict].word}</span>}
          </li>
        );
      })}
    </ul>
  );
};

export const PackScreen = ({ pack }: { readonly pack: EvidencePack }) => {
  const identity = useOperation('evidence.identity', {});
  const isOther = identity.data !== undefined && identity.data.rootFingerprint !== pack.rootFingerprint;
  return (
    <Page
      title={
        <>
          {pack.fileName} <CompletenessBadge pack={pack} />
        </>
      }
      summary={
        <>
          <LinkButton onPress={() => navigate('evidence', {})}>{EVIDENCE_TEXT.backToEvidence}</LinkButton> ·{' '}
          <DateTime value={pack.createdAt} />
        </>
      }
      actions={
        <Button icon={PackageSearch} onPress={() => navigate('evidence', { intent: 'check' })}>
          {EVIDENCE_TEXT.checkPack}
        </Button>
      }
    >
      {pack.missing.length === 0 ? null : (
        <Callout tone="attention" title={EVIDENCE_TEXT.packMissing}>
          <ul>
            {pack.missing.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </Callout>
      )}
      {isOther ? <Callout tone="attention">{EVIDENCE_TEXT.packOtherRoot}</Callout> : null}
      <div className="pack-facts">
        <Panel title={EVIDENCE_TEXT.packReady}>
          <KeyValueList
            items={[
              { id: 'file', label: EVIDENCE_TEXT.packFile, value: pack.fileName },
              {
                id: 'sha',
                label: EVIDENCE_TEXT.packDigest,
                value: <HashText value={pack.sha256} label="SHA-256 of the pack" form="full" />,
              },
              {
                id: 'size',
                label: EVIDENCE_TEXT.size,
                value: `${formatBytes(pack.bytes)} (${formatCount(pack.bytes)} B)`,
              },
              { id: 'contents', label: EVIDENCE_TEXT.packContents, value: <Contents pack={pack} /> },
              {
                id: 'signer',
                label: EVIDENCE_TEXT.packSigner,
                value: (
                  <HashText value={pack.signerFingerprint} label="fingerprint of the signer certificate" />
                ),
              },
            ]}
          />
        </Panel>
        <Panel title={EVIDENCE_TEXT.handOver}>
          <ol className="hand-over">
            {EVIDENCE_TEXT.handOverSteps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
          <h3>{EVIDENCE_TEXT.rootFingerprint}</h3>
          <Fingerprint value={pack.rootFingerprint} label={EVIDENCE_TEXT.rootFingerprint} />
        </Panel>
      </div>
    </Page>
  );
};
