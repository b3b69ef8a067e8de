// The files that a verification may take beside the log: keys, evidence from outside, and what a proof is about.
import { FilePlus, X } from 'lucide-react';
import type { FileHandle } from '../../../shared/model/ids.ts';
import { showError } from '../../bridge/show-error.ts';
import { useFiles } from '../../bridge/use-files.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { AUDIT_TEXT } from './text.ts';

/** The contract takes this many of each. */
const MOST = 32;

const GROUPS = ['anchors', 'keys', 'data'] as const;
type Group = (typeof GROUPS)[number];
const PURPOSE = { keys: 'key', anchors: 'anchor', data: 'data' } as const;

export interface CompanionFile {
  readonly handle: FileHandle;
  readonly name: string;
}

export type Companions = Readonly<Record<Group, readonly CompanionFile[]>>;

export const NO_COMPANIONS: Companions = { keys: [], anchors: [], data: [] };

/** What the operation takes. */
export const companionsInput = (companions: Companions): Partial<Record<Group, FileHandle[]>> =>
  Object.fromEntries(
    GROUPS.filter((group) => companions[group].length > 0).map((group) => [
      group,
      companions[group].map(({ handle }) => handle),
    ]),
  );

interface FileGroupProps {
  readonly group: Group;
  readonly files: readonly CompanionFile[];
  readonly onChange: (files: readonly CompanionFile[]) => void;
}

const FileGroup = ({ group, files, onChange }: FileGroupProps) => {
  const dialogs = useFiles();
  const text = AUDIT_TEXT.companions[group];
  const add = (): void => {
    void dialogs.choose(PURPOSE[group]).then((file) => {
      if (file !== null) onChange([...files, { handle: file.handle, name: file.name }]);
    }, showError);
  };
  return (
    <div className="field" role="group" aria-label={text.label}>
      <span className="field-label">{text.label}</span>
      {files.length === 0 ? null : (
        <ul className="key-files">
          {files.map((file) => (
            <li key={file.handle} className="row">
              <span>{file.name}</span>
              <IconButton
                icon={X}
                size="small"
                label={AUDIT_TEXT.removeFile(file.name)}
                onPress={() => onChange(files.filter((each) => each !== file))}
              />
            </li>
          ))}
        </ul>
      )}
      <span className="field-help">{text.help}</span>
      <div className="row">
        <Button size="small" icon={FilePlus} onPress={add} isDisabled={files.length >= MOST}>
          {text.add}
        </Button>
      </div>
    </div>
  );
};

export interface CompanionFilesProps {
  readonly companions: Companions;
  readonly onChange: (companions: Companions) => void;
}

export const CompanionFiles = ({ companions, onChange }: CompanionFilesProps) => (
  <>
    {GROUPS.map((group) => (
      <FileGroup
        key={group}
        group={group}
        files={companions[group]}
        onChange={(files) => onChange({ ...companions, [group]: files })}
      />
    ))}
  </>
);
