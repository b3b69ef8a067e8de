// The keyboard map, from the same lists that make the keys work.
import type { Command } from '../state/feature.ts';
import { useUi } from '../state/ui-store.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { FEATURES } from './features.ts';
import { APP_TEXT, FORM_SHORTCUTS, GLOBAL_SHORTCUTS, TABLE_SHORTCUTS } from './text.ts';

interface Line {
  readonly keys: string;
  readonly also?: string;
  readonly does: string;
}

const Group = ({ title, lines }: { readonly title: string; readonly lines: readonly Line[] }) =>
  lines.length === 0 ? null : (
    <section className="keys-group">
      <h3>{title}</h3>
      <dl>
        {lines.map((line) => (
          <div key={`${line.keys} ${line.does}`} className="keys-line">
            <dt>{line.does}</dt>
            <dd>
              <Kbd keys={line.keys} />
              {line.also === undefined ? null : (
                <>
                  <span className="muted"> {APP_TEXT.or} </span>
                  <Kbd keys={line.also} />
                </>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );

/** Also shown in the settings, without the dialog around it. */
export const KeyboardMap = ({ commands }: { readonly commands: readonly Command[] }) => (
  <div className="keys-map">
    <Group title={APP_TEXT.shortcutsEverywhere} lines={GLOBAL_SHORTCUTS} />
    <Group
      title={APP_TEXT.rooms}
      lines={commands.flatMap((c) =>
        c.keys !== undefined && c.id.startsWith('room.') ? [{ keys: c.keys, does: c.title }] : [],
      )}
    />
    {FEATURES.map((feature) => (
      <Group
        key={feature.id}
        title={feature.title}
        lines={[
          ...commands.flatMap((c) =>
            c.keys !== undefined && c.id.startsWith(`${feature.id}.`)
              ? [{ keys: c.keys, does: c.title }]
              : [],
          ),
          ...feature.shortcuts,
        ]}
      />
    ))}
    <Group title={APP_TEXT.shortcutsTables} lines={TABLE_SHORTCUTS} />
    <Group title={APP_TEXT.shortcutsForms} lines={FORM_SHORTCUTS} />
  </div>
);

export const ShortcutsDialog = ({
  commands,
  onClose,
}: {
  readonly commands: readonly Command[];
  readonly onClose: () => void;
}) => {
  const isOpen = useUi((s) => s.overlay === 'shortcuts');
  return (
    <Dialog title={APP_TEXT.shortcuts} isOpen={isOpen} onClose={onClose} size="wide" isDismissable>
      <KeyboardMap commands={commands} />
    </Dialog>
  );
};
