// A part of the screen that scrolls. It takes a tab stop of its own only while it scrolls and holds nothing to focus.
import { useEffect, useRef, useState, type ReactNode } from 'react';

const FOCUSABLE =
  'a[href], button:not([disabled]), input:not([disabled]), textarea:not([disabled]), [tabindex="0"]';

export interface ScrollAreaProps {
  readonly className: string;
  readonly children: ReactNode;
  /** Spoken when the area itself has the focus. */
  readonly label?: string | undefined;
}

export const ScrollArea = ({ className, children, label }: ScrollAreaProps) => {
  const area = useRef<HTMLDivElement>(null);
  const [needsStop, setNeedsStop] = useState(false);
  useEffect(() => {
    const element = area.current;
    if (element === null) return undefined;
    const look = (): void => {
      const scrolls =
        element.scrollHeight > element.clientHeight || element.scrollWidth > element.clientWidth;
      setNeedsStop(scrolls && element.querySelector(FOCUSABLE) === null);
    };
    const sizes = new ResizeObserver(look);
    const nodes = new MutationObserver(look);
    sizes.observe(element);
    nodes.observe(element, { childList: true, subtree: true });
    look();
    return () => {
      sizes.disconnect();
      nodes.disconnect();
    };
  }, []);
  return (
    <div
      ref={area}
      className={className}
      {...(needsStop
        ? { tabIndex: 0, role: 'group', ...(label === undefined ? {} : { 'aria-label': label }) }
        : {})}
    >
      {children}
    </div>
  );
};
