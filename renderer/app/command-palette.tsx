// The command palette: everything that can be done or opened, by typing a few letters.
import { Briefcase, CornerDownLeft, type LucideIcon } from 'lucide-react';
import { useId, useMemo, useState, type KeyboardEvent } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import { useOperation } from '../bridge/use-operation.ts';
import type { Command } from '../state/feature.ts';
import { navigate, useUi } from '../state/ui-store.ts';
import { Kbd } from '../ui/kbd.tsx';
import { rank } from './palette-rank.ts';
import { APP_TEXT } from './text.ts';

interface Entry {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly keywords?: string | undefined;
  readonly keys?: string | undefined;
  readonly icon: LucideIcon;
  readonly run: () => void;
}

const LIMIT = 50;

interface PaletteProps {
  readonly commands: readonly Command[];
  readonly onClose: () => void;
}

const PaletteBody = ({ commands, onClose }: PaletteProps) => {
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const id = useId();
  const cases = useOperation('cases.list', {});
  const entries = useMemo<readonly Entry[]>(
    () => [
      ...commands.map((c) => ({
        id: c.id,
        group: c.id.startsWith('room.') ? APP_TEXT.groupRoom : APP_TEXT.groupCommand,
        title: c.title,
        keywords: c.keywords,
        keys: c.keys,
        icon: c.icon ?? CornerDownLeft,
        run: c.run,
      })),
      ...(cases.data ?? []).map((c) => ({
        id: c.id,
        group: APP_TEXT.groupCase,
        title: c.name,
        keywords: c.reference,
        icon: Briefcase,
        run: () => {
          useUi.getState().setCase(c.id);
          navigate('cases', { caseId: c.id });
        },
      })),
    ],
    [commands, cases.data],
  );
  const found = useMemo(() => rank(query, entries, LIMIT), [query, entries]);
  const active = Math.min(at, Math.max(0, found.length - 1));

  const run = (entry: Entry | undefined): void => {
    if (entry === undefined) return;
    onClose();
    // The dialog gives the focus back first, so that a command may move it.
    setTimeout(entry.run, 0);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const last = found.length - 1;
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: active >= last ? 0 : active + 1,
      ArrowUp: active <= 0 ? last : active - 1,
      PageDown: Math.min(last, active + 8),
      PageUp: Math.max(0, active - 8),
    };
    const to = moves[event.key];
    if (to !== undefined) {
      event.preventDefault();
      setAt(to);
      document.getElementById(`${id}-${to}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      run(found[active]);
    }
  };

  return (
    <>
      <input
        className="palette-input"
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the palette is opened to type into it
        autoFocus
        type="text"
        role="combobox"
        aria-label={APP_TEXT.palettePlaceholder}
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        {...(found.length === 0 ? {} : { 'aria-activedescendant': `${id}-${active}` })}
        placeholder={APP_TEXT.palettePlaceholder}
        spellCheck={false}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={`${id}-list`} className="palette-list" role="listbox" aria-label={APP_TEXT.palette}>
        {found.map((entry, index) => (
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- keys are handled on the input, which keeps the focus
          <div
            key={entry.id}
            id={`${id}-${index}`}
            className="option palette-option"
            role="option"
            aria-selected={index === active}
            data-focused={index === active ? '' : undefined}
            onPointerMove={() => setAt(index)}
            onClick={() => run(entry)}
          >
            <entry.icon className="icon" aria-hidden />
            <span className="option-label">{entry.title}</span>
            <span className="palette-side">
              <span className="muted">{entry.group}</span>
              {entry.keys === undefined ? null : <Kbd keys={entry.keys} />}
            </span>
          </div>
        ))}
      </div>
      <p className={found.length === 0 ? 'palette-none muted' : 'visually-hidden'} role="status">
        {found.length === 0 ? APP_TEXT.paletteEmpty : APP_TEXT.paletteCount(found.length)}
      </p>
    </>
  );
};

export const CommandPalette = ({ commands, onClose }: PaletteProps) => {
  const isOpen = useUi((s) => s.overlay === 'palette');
  return (
    <ModalOverlay
      className="modal-overlay palette-overlay"
      isOpen={isOpen}
      isDismissable
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className="modal palette">
        <Dialog className="palette-dialog" aria-label={APP_TEXT.palette}>
          <PaletteBody commands={commands} onClose={onClose} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
};
