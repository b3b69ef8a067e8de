// What must be stored before the user locks: forms with unsaved text register here.

type Flush = () => Promise<void>;

const flushes = new Set<Flush>();

/** Returns the way to stop. */
export const onBeforeLock = (flush: Flush): (() => void) => {
  flushes.add(flush);
  return () => {
    flushes.delete(flush);
  };
};

/** Saves what can be saved; a failure doesn't hold the lock back. */
export const flushBeforeLock = async (): Promise<void> => {
  await Promise.allSettled([...flushes].map(async (flush) => flush()));
};
