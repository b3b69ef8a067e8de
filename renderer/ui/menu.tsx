// A button that opens a menu of actions.
import { ChevronDown, type LucideIcon } from 'lucide-react';
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover, Separator } from 'react-aria-components';
import { Kbd } from './kbd.tsx';
import { inOverlayRoot } from './overlay-root.ts';

export type MenuEntry =
  | {
      readonly id: string;
      readonly label: string;
      readonly help?: string;
      readonly icon?: LucideIcon;
      readonly keys?: string;
      readonly isDisabled?: boolean;
      readonly isDanger?: boolean;
      readonly run: () => void;
    }
  | 'separator';

export interface MenuButtonProps {
  readonly label: string;
  readonly entries: readonly MenuEntry[];
  /** Shows only this icon; the label is spoken. */
  readonly icon?: LucideIcon;
  readonly variant?: 'secondary' | 'quiet' | 'primary';
  readonly size?: 'medium' | 'small';
}

export const MenuButton = ({
  label,
  entries,
  icon: Icon,
  variant = 'secondary',
  size = 'medium',
}: MenuButtonProps) => (
  <MenuTrigger>
    <AriaButton
      className="button"
      data-variant={variant}
      data-size={size}
      {...(Icon === undefined ? {} : { 'aria-label': label, 'data-icon-only': '' })}
    >
      {Icon === undefined ? (
        <>
          {label}
          <ChevronDown className="icon" aria-hidden />
        </>
      ) : (
        <Icon className="icon" aria-hidden />
      )}
    </AriaButton>
    <Popover {...inOverlayRoot()} className="popover" offset={4}>
      <Menu className="menu" aria-label={label}>
        {entries.map((entry, at) =>
          entry === 'separator' ? (
            // oxlint-disable-next-line react/no-array-index-key -- separators have nothing else to be known by
            <Separator key={`separator-${at}`} className="menu-separator" />
          ) : (
            <MenuItem
              key={entry.id}
              id={entry.id}
              className="option"
              textValue={entry.label}
              isDisabled={entry.isDisabled ?? false}
              data-variant={entry.isDanger === true ? 'danger' : 'plain'}
              onAction={entry.run}
            >
              {entry.icon === undefined ? null : <entry.icon className="icon" aria-hidden />}
              <span className="option-label">{entry.label}</span>
              {entry.help === undefined ? null : <span className="option-help"> {entry.help}</span>}
              {entry.keys === undefined ? null : <Kbd keys={entry.keys} />}
            </MenuItem>
          ),
        )}
      </Menu>
    </Popover>
  </MenuTrigger>
);
