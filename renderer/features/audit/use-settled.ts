// A value once it has stopped changing: so that holding an arrow key doesn't ask for every record on the way.
import { useEffect, useState } from 'react';

/** `delay` in milliseconds. */
export const useSettled = <T>(value: T, delay: number): T => {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), delay);
    return () => clearTimeout(timer);
  }, [value, delay]);
  return settled;
};
