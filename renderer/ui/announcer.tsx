// Spoken announcements. React Aria's own announcer empties itself through innerHTML, which trusted types forbid.
import { useEffect, useState } from 'react';

type Politeness = 'polite' | 'assertive';
type Listener = (text: string, politeness: Politeness) => void;

const listeners = new Set<Listener>();

/** Says something to screen readers without moving the focus. */
export const announce = (text: string, politeness: Politeness = 'polite'): void => {
  for (const listener of listeners) listener(text, politeness);
};

/** Mounted once by the frame. The text changes by a trailing space, so that a repeated message is read again. */
export const Announcer = () => {
  const [said, setSaid] = useState<Readonly<Record<Politeness, string>>>({ polite: '', assertive: '' });
  useEffect(() => {
    const listener: Listener = (text, politeness) =>
      setSaid((now) => ({ ...now, [politeness]: now[politeness] === text ? `${text} ` : text }));
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, []);
  return (
    <div className="visually-hidden">
      <div aria-live="polite">{said.polite}</div>
      <div aria-live="assertive">{said.assertive}</div>
    </div>
  );
};
