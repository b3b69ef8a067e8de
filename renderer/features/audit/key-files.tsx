// The key files that a verification needs: which formats want them, and the list with its buttons.
import { FilePlus, X } from 'lucide-react';
import type { FileHandle } from '../../../shared/model/ids.ts';
import { showError } from '../../bridge/show-error.ts';
import { useFiles } from '../../bridge/use-files.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { AUDIT_TEXT } from './text.ts';

/** The formats whose verification needs key files. */
const KEYED: ReadonlySet<string> = new Set(['aws-cloudtrail']);
/** The contract takes this many. */
const MAX_KEYS = 32;

export const needsKeys = (format: string | null): boolean => format !== null && KEYED.has(format);

export interface KeyFile {
  readonly handle: FileHandle;
  readonly name: string;
}

/** What the operation takes. */
export const keysInput = (keys: readonly KeyFile[]): { readonly keys?: FileHandle[] } =>
  keys.length === 0 ? {} : { keys: keys.map(({ handle }) => handle) };

export interface KeyFilesProps {
  readonly keys: readonly KeyFile[];
  readonly onChange: (keys: readonly KeyFile[]) => void;
}

export const KeyFiles = ({ keys, onChange }: KeyFilesProps) => {
  const files = useFiles();
  const add = (): void => {
    void files.choose('key').then((file) => {
      if (file !== null) onChange([...keys, { handle: file.handle, name: file.name }]);
    }, showError);
  };
  return (
    <div className="field" role="group" aria-label={AUDIT_TEXT.keys}>
      <span className="field-label">{AUDIT_TEXT.keys}</span>
      {keys.length === 0 ? (
        <span className="muted">{AUDIT_TEXT.noKeys}</span>
      ) : (
        <ul className="key-files">
          {keys.map((key) => (
            <li key={key.handle} className="row">
              <span>{key.name}</span>
              <IconButton
                icon={X}
                size="small"
                label={AUDIT_TEXT.removeKey(key.name)}
                onPress={() => onChange(keys.filter((k) => k !== key))}
              />
            </li>
          ))}
        </ul>
      )}
      <div className="row">
        <Button size="small" icon={FilePlus} onPress={add} isDisabled={keys.length >= MAX_KEYS}>
          {AUDIT_TEXT.addKey}
        </Button>
      </div>
      <span className="field-help">{AUDIT_TEXT.keysHelp}</span>
    </div>
  );
};
