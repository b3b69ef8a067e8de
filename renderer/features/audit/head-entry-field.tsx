// The trusted head, pasted or as a file, with what is seen in it at once.
import { FileInput, X } from 'lucide-react';
import type { FileHandle } from '../../../shared/model/ids.ts';
import { showError } from '../../bridge/show-error.ts';
import { useFiles } from '../../bridge/use-files.ts';
import { Button } from '../../ui/button.tsx';
import { TextArea } from '../../ui/fields.tsx';
import { formatCount } from '../../ui/format.ts';
import { Callout } from '../../ui/panels.tsx';
import { readHeadEntry, type HeadEntry } from './head-entry.ts';
import { AUDIT_TEXT } from './text.ts';

export interface HeadValue {
  readonly text: string;
  readonly file: { readonly handle: FileHandle; readonly name: string } | null;
}

export const NO_HEAD: HeadValue = { text: '', file: null };

/** What the operation takes; null while the entry can't be sent. */
export const headInput = (
  value: HeadValue,
): { readonly trustedHead?: string; readonly headFile?: FileHandle } | null => {
  if (value.file !== null) return { headFile: value.file.handle };
  const entry = readHeadEntry(value.text, null);
  if (entry.kind === 'empty') return {};
  return entry.kind === 'found' ? { trustedHead: value.text.trim() } : null;
};

const problemOf = (entry: HeadEntry): string | undefined =>
  entry.kind === 'none'
    ? AUDIT_TEXT.headNone
    : entry.kind === 'too-long'
      ? AUDIT_TEXT.headTooLong
      : undefined;

const Seen = ({ entry, head }: { readonly entry: HeadEntry; readonly head: string | null }) => {
  if (entry.kind !== 'found') return null;
  return (
    <div role="status">
      <Callout tone={entry.isHead || head === null ? 'info' : 'attention'}>
        {entry.digests.length > 1 ? <p>{AUDIT_TEXT.headSeveral(formatCount(entry.digests.length))}</p> : null}
        {head === null ? null : <p>{entry.isHead ? AUDIT_TEXT.headEqual : AUDIT_TEXT.headDiffers}</p>}
      </Callout>
    </div>
  );
};

export interface HeadEntryFieldProps {
  readonly value: HeadValue;
  readonly onChange: (value: HeadValue) => void;
  /** The head of the log, where an earlier verification found it. */
  readonly head: string | null;
  readonly isOptional?: boolean;
  readonly autoFocus?: boolean;
}

export const HeadEntryField = ({
  value,
  onChange,
  head,
  isOptional = false,
  autoFocus = false,
}: HeadEntryFieldProps) => {
  const files = useFiles();
  const entry = readHeadEntry(value.text, head);
  const chooseFile = (): void => {
    void files.choose('head').then((file) => {
      if (file !== null) onChange({ text: '', file: { handle: file.handle, name: file.name } });
    }, showError);
  };
  if (value.file !== null) {
    return (
      <div className="field">
        <span className="field-label">{AUDIT_TEXT.head}</span>
        <div className="row">
          <span>{AUDIT_TEXT.headFromFile(value.file.name)}</span>
          <Button size="small" icon={X} onPress={() => onChange(NO_HEAD)}>
            {AUDIT_TEXT.clearHeadFile}
          </Button>
        </div>
      </div>
    );
  }
  const several = entry.kind === 'found' && (entry.digests.length > 1 || head !== null);
  return (
    <div className="stack">
      <TextArea
        label={AUDIT_TEXT.head}
        isOptional={isOptional}
        help={AUDIT_TEXT.headHelp}
        value={value.text}
        onChange={(text) => onChange({ ...value, text })}
        error={problemOf(entry)}
        rows={2}
        isMono
        autoFocus={autoFocus}
      />
      {several ? <Seen entry={entry} head={head} /> : null}
      <div className="row">
        <Button size="small" icon={FileInput} onPress={chooseFile}>
          {AUDIT_TEXT.headFile}
        </Button>
      </div>
    </div>
  );
};
