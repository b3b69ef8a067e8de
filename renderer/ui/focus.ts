// Moving the focus to what needs attention.

/** After a refused form: the first field that is wrong. Waits for the redraw that marks it. */
export const focusFirstInvalid = (container: Element | null): void => {
  requestAnimationFrame(() => {
    const field = (container ?? document).querySelector('[aria-invalid="true"]');
    if (field instanceof HTMLElement) field.focus();
  });
};
