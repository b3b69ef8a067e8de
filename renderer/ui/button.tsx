// Buttons: with words, with an icon only (then with a tooltip), and one that reads as a link.
import type { LucideIcon } from 'lucide-react';
import { useEffect, type ReactNode, type Ref } from 'react';
import {
  Button as AriaButton,
  Tooltip,
  TooltipTrigger,
  type ButtonProps as AriaButtonProps,
} from 'react-aria-components';
import { announce } from './announcer.tsx';

const noPress = (): void => undefined;

type Base = Omit<AriaButtonProps, 'children' | 'className' | 'style'>;

export interface ButtonProps extends Base {
  readonly children: ReactNode;
  readonly variant?: 'primary' | 'secondary' | 'quiet' | 'danger';
  readonly size?: 'medium' | 'small';
  readonly icon?: LucideIcon;
  readonly ref?: Ref<HTMLButtonElement>;
}

/**
 * `isPending` keeps the focus, ignores presses and speaks the button's words ("Verifying"). React Aria's own pending
 * state isn't used: it announces a progress bar inside the button, which ours doesn't have.
 */
export const Button = ({
  children,
  variant = 'secondary',
  size = 'medium',
  icon: Icon,
  isPending = false,
  onPress,
  ...rest
}: ButtonProps) => {
  const words = typeof children === 'string' ? children : '';
  useEffect(() => {
    if (isPending && words !== '') announce(words);
  }, [isPending, words]);
  return (
    <AriaButton
      {...rest}
      className="button"
      data-variant={variant}
      data-size={size}
      data-pending={isPending ? '' : undefined}
      {...(isPending ? { 'aria-disabled': true } : {})}
      onPress={isPending || onPress === undefined ? noPress : onPress}
    >
      {Icon === undefined ? null : <Icon className="icon" aria-hidden />}
      {children}
    </AriaButton>
  );
};

export interface IconButtonProps extends Base {
  readonly icon: LucideIcon;
  /** The accessible name, also shown as the tooltip. */
  readonly label: string;
  /** Keys shown in the tooltip, e.g. `Ctrl+L`. */
  readonly keys?: string | undefined;
  /** A second line of the tooltip, e.g. the whole hash that a copy button copies. */
  readonly detail?: string | undefined;
  readonly variant?: 'secondary' | 'quiet';
  readonly size?: 'medium' | 'small';
  readonly ref?: Ref<HTMLButtonElement>;
}

export const IconButton = ({
  icon: Icon,
  label,
  keys,
  detail,
  variant = 'quiet',
  size = 'medium',
  ...rest
}: IconButtonProps) => (
  <TooltipTrigger delay={500} closeDelay={100}>
    <AriaButton
      {...rest}
      className="button"
      aria-label={label}
      data-variant={variant}
      data-size={size}
      data-icon-only=""
    >
      <Icon className="icon" aria-hidden />
    </AriaButton>
    <Tooltip className="tooltip" offset={6}>
      {label}
      {keys === undefined ? null : <span className="muted"> {keys}</span>}
      {detail === undefined ? null : <span className="tooltip-detail mono">{detail}</span>}
    </Tooltip>
  </TooltipTrigger>
);

export interface LinkButtonProps extends Base {
  readonly children: ReactNode;
}

/** Goes to another place in the app; there are no addresses, so it is a button that looks like a link. */
export const LinkButton = ({ children, ...rest }: LinkButtonProps) => (
  <AriaButton {...rest} className="link-button">
    {children}
  </AriaButton>
);
