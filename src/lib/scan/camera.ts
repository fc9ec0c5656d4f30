/** CT1 The camera that looks away from whoever holds the tablet, and why there is none. */
import { err, ok, type Result } from '$domain/kernel/result.ts';

export type NoCamera = 'none' | 'refused' | 'failed';

const faults: Readonly<Record<string, NoCamera>> = { NotAllowedError: 'refused', SecurityError: 'refused', NotFoundError: 'none', OverconstrainedError: 'none' };

export async function openCamera(): Promise<Result<MediaStream, NoCamera>> {
  // Missing where the page has no secure address.
  if (!('mediaDevices' in navigator)) return err('none');
  try {
    return ok(await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: 'environment', width: { ideal: 1280 } } }));
  } catch (error) {
    return err(faults[(error as DOMException).name] ?? 'failed');
  }
}

export const closeCamera = (stream: MediaStream): void => stream.getTracks().forEach((track) => track.stop());
