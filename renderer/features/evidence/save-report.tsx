// Saving a report as PDF or HTML: where to, then what was written.
import { FileDown } from 'lucide-react';
import type { Report } from '../../../shared/model/evidence.ts';
import { describeError } from '../../bridge/operation-error.ts';
import { showError } from '../../bridge/show-error.ts';
import { useFiles } from '../../bridge/use-files.ts';
import { useCommand } from '../../bridge/use-operation.ts';
import { Button } from '../../ui/button.tsx';
import { formatBytes } from '../../ui/format.ts';
import { HashText } from '../../ui/marks.tsx';
import { Callout, ErrorNotice } from '../../ui/panels.tsx';
import { safeFileName } from './pack-words.ts';
import { EVIDENCE_TEXT } from './text.ts';

type Form = 'pdf' | 'html';

export const useSaveReport = () => {
  const files = useFiles();
  const command = useCommand('reports.save');
  const save = (report: Report, as: Form): void => {
    command.reset();
    void files
      .chooseNew(as === 'pdf' ? 'report-pdf' : 'report-html', safeFileName(report.title, as))
      .then((chosen) => {
        if (chosen !== null) command.mutate({ id: report.id, as, to: chosen.handle });
      }, showError);
  };
  return {
    save,
    saved: command.data,
    error: command.error,
    isPending: command.isPending,
    dismiss: () => command.reset(),
  };
};
export type SaveReport = ReturnType<typeof useSaveReport>;

export interface SaveButtonsProps {
  readonly report: Report;
  readonly saving: SaveReport;
  /** In a list: the names of the buttons say which report. */
  readonly isNamed?: boolean;
}

export const SaveButtons = ({ report, saving, isNamed = false }: SaveButtonsProps) => {
  const button = (as: Form, label: string) => (
    <Button
      size={isNamed ? 'small' : 'medium'}
      icon={FileDown}
      isDisabled={saving.isPending}
      onPress={() => saving.save(report, as)}
      {...(isNamed ? { 'aria-label': EVIDENCE_TEXT.saveNamed(label, report.title) } : {})}
    >
      {label}
    </Button>
  );
  return (
    <span className="row">
      {button('pdf', EVIDENCE_TEXT.savePdf)}
      {button('html', EVIDENCE_TEXT.saveHtml)}
    </span>
  );
};

export const SaveOutcome = ({ saving }: { readonly saving: SaveReport }) => {
  if (saving.error !== null) return <ErrorNotice error={describeError(saving.error)} />;
  if (saving.saved === undefined) return null;
  return (
    <div role="status">
      <Callout
        tone="pass"
        title={EVIDENCE_TEXT.savedTitle(saving.saved.name)}
        actions={
          <Button size="small" onPress={saving.dismiss}>
            {EVIDENCE_TEXT.dismiss}
          </Button>
        }
      >
        <p>{EVIDENCE_TEXT.savedBody(formatBytes(saving.saved.bytes))}</p>
        <HashText value={saving.saved.sha256} label="SHA-256 of the saved file" form="full" />
      </Callout>
    </div>
  );
};
