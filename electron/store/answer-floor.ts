// Gives the answer "wrong passphrase" no earlier than the answer "right".

/** Milliseconds from the end of the key derivation; opening a workspace of usual size takes less. */
export const ANSWER_FLOOR_MS = 250;

/**
 * Does the work and answers, with its result or its error, at the earliest when the floor has passed. An opening that
 * takes longer than the floor (a very large vault) is slower than a refusal; a refusal is never faster than the floor.
 */
export const answerAfterFloor = async <T>(
  work: () => T | Promise<T>,
  sleep: (milliseconds: number) => Promise<void>,
): Promise<T> => {
  const floor = sleep(ANSWER_FLOOR_MS);
  try {
    return await work();
  } finally {
    await floor;
  }
};
