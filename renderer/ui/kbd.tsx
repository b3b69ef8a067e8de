// Keys, as they are printed on the keyboard of this computer.
import { displayKeys } from './shortcut.ts';

/** `keys` is a shortcut such as `Mod+Shift+Z`. */
export const Kbd = ({ keys }: { readonly keys: string }) => (
  <kbd className="kbd">
    {displayKeys(keys).map((key) => (
      <span key={key} className="kbd-key">
        {key}
      </span>
    ))}
  </kbd>
);
