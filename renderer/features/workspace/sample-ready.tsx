// After the sample was opened: its passphrase, before anything locks it again.
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/marks.tsx';
import { WORKSPACE_TEXT } from './text.ts';

export interface SampleReadyProps {
  readonly passphrase: string;
  readonly onContinue: () => void;
}

export const SampleReady = ({ passphrase, onContinue }: SampleReadyProps) => (
  <main className="gate">
    <div className="gate-card">
      <h1>{WORKSPACE_TEXT.sampleReadyTitle}</h1>
      <div className="stack">
        <p>{WORKSPACE_TEXT.sampleReadyBody}</p>
        <p className="sample-passphrase">
          <code>{passphrase}</code>
          <CopyButton value={passphrase} label={WORKSPACE_TEXT.samplePassphrase} />
        </p>
        <p className="muted">{WORKSPACE_TEXT.sampleAgain}</p>
        <Button variant="primary" autoFocus onPress={onContinue}>
          {WORKSPACE_TEXT.sampleContinue}
        </Button>
      </div>
    </div>
  </main>
);
