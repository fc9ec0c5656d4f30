export interface PickerItem {
  id: string;
  title: string;
  /** What tells it from its namesakes: building, number, type. */
  meta?: string | undefined;
}
