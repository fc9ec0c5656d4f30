export interface Choice<V extends string = string> {
  value: V;
  label: string;
  /** One line under the label: what choosing it means. */
  hint?: string | undefined;
}
