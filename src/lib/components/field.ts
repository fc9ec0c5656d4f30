/** What a control needs to belong to its label, hint and error. */
export interface FieldWiring {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}

/** What every field takes. `error` says what is missing or wrong; while it is set the field counts as a gap. */
export interface FieldProps {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  /** Fields are needed unless they say otherwise. */
  optional?: boolean | undefined;
}

/**
 * Takes the person to the first field with an error. Call it after the errors are set and the screen has followed
 * (`await tick()`). Answers how many gaps there are.
 */
export function goToFirstGap(form: HTMLElement): number {
  const gaps = [...form.querySelectorAll<HTMLElement>('[aria-invalid="true"], [data-gap]')];
  const first = gaps[0];
  if (first !== undefined) {
    const control = first.matches('fieldset') ? (first.querySelector<HTMLElement>('input, button') ?? first) : first;
    control.focus({ preventScroll: true });
    control.scrollIntoView({ block: 'center' });
  }
  return gaps.length;
}
