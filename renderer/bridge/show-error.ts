// An error that has no place of its own on the screen, as a message in the corner.
import { showToast } from '../state/toasts.ts';
import { announce } from '../ui/announcer.tsx';
import { describeError } from './operation-error.ts';

/** For the second argument of `.then`, e.g. when a file dialog fails. */
export const showError = (error: unknown): void => {
  const words = describeError(error);
  showToast({
    tone: words.severity === 'error' ? 'fail' : 'attention',
    title: words.what,
    detail: words.remedy,
  });
  announce(`${words.what} ${words.remedy}`, 'assertive');
};
