// What the evidence from outside says of the log, piece by piece, and the proof of two histories where there is one.
import { FileDown } from 'lucide-react';
import type { VerificationId } from '../../../shared/model/ids.ts';
import type { AnchorCheck, VerificationReport } from '../../../shared/model/verdict.ts';
import { describeError } from '../../bridge/operation-error.ts';
import { showError } from '../../bridge/show-error.ts';
import { useFiles } from '../../bridge/use-files.ts';
import { useCommand } from '../../bridge/use-operation.ts';
import { showToast } from '../../state/toasts.ts';
import { Button } from '../../ui/button.tsx';
import { Badge, DateTime } from '../../ui/marks.tsx';
import { Callout, ErrorNotice, Panel } from '../../ui/panels.tsx';
import type { Tone } from '../../ui/tone.ts';
import { AUDIT_TEXT } from './text.ts';

const TONE = {
  covers: 'pass',
  'covers-part': 'attention',
  conflicts: 'fail',
  unrelated: 'neutral',
  unverified: 'attention',
} as const satisfies Record<AnchorCheck['outcome'], Tone>;

const Anchor = ({ anchor }: { readonly anchor: AnchorCheck }) => (
  <li className="anchor">
    <div className="row">
      <Badge tone={TONE[anchor.outcome]}>{AUDIT_TEXT.anchorOutcome[anchor.outcome]}</Badge>
      <strong>{anchor.name}</strong>
      <span className="muted">{AUDIT_TEXT.anchorKind[anchor.kind]}</span>
    </div>
    <p>{anchor.adds}</p>
    {anchor.time === null ? null : (
      <p className="muted">
        {AUDIT_TEXT.anchorTime}: <DateTime value={anchor.time} precision="second" />
      </p>
    )}
  </li>
);

export const Anchors = ({ anchors }: { readonly anchors: readonly AnchorCheck[] }) =>
  anchors.length === 0 ? null : (
    <Panel title={AUDIT_TEXT.anchorsTitle}>
      <ul className="anchors">
        {anchors.map((anchor, at) => (
          // The same file may be given twice; the order never changes.
          // oxlint-disable-next-line react/no-array-index-key -- see above
          <Anchor key={at} anchor={anchor} />
        ))}
      </ul>
    </Panel>
  );

export interface ForkProofProps {
  readonly id: VerificationId;
  readonly report: VerificationReport;
}

export const ForkProof = ({ id, report }: ForkProofProps) => {
  const files = useFiles();
  const save = useCommand('audit.saveForkProof', {
    onDone: ({ name }) => showToast({ tone: 'pass', title: AUDIT_TEXT.forkSaved, detail: name }),
  });
  if (report.forkProof === undefined) return null;
  const choose = (): void => {
    void files.chooseNew('fork-proof', `fork-proof-${report.source.sha256.slice(0, 8)}`).then((file) => {
      if (file !== null) save.mutate({ id, to: file.handle });
    }, showError);
  };
  return (
    <Callout
      tone="fail"
      title={AUDIT_TEXT.forkTitle}
      actions={
        <Button icon={FileDown} onPress={choose}>
          {AUDIT_TEXT.forkSave}
        </Button>
      }
    >
      <p>{AUDIT_TEXT.forkBody}</p>
      {save.error === null ? null : <ErrorNotice error={describeError(save.error)} />}
    </Callout>
  );
};
