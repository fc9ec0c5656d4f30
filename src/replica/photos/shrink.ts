/**
 * PH2, PH3 A picture as a camera makes it becomes a photo: upright, within its bounds, and nothing but pixels. It is drawn anew,
 * so whatever else stood in the file does not come along.
 */
import { fitted } from '../../domain/photos/fitted.ts';
import { photoFault, plainJpeg } from '../../domain/photos/jpeg.ts';
import { photoMaxSide, photoTargetBytes } from '../../domain/photos/photo.ts';
import type { Bytes } from '../sealing.ts';

/** What a list shows; also what stays here when the photo had to make room. */
const smallMaxSide = 240;
const smallQuality = 0.7;
/** Tried in this order until one is small enough: a photo of a notice board needs its letters more than its size. */
const tries = [[photoMaxSide, 0.82], [photoMaxSide, 0.7], [photoMaxSide, 0.58], [1_024, 0.58], [1_024, 0.45], [800, 0.45], [640, 0.4]] as const;
/** No camera of a tablet makes more; a file that is longer is something else. */
const pictureMaxBytes = 64 * 1_048_576;

export interface Shrunk {
  readonly whole: Bytes;
  readonly small: Bytes;
}

/** @returns undefined for what this browser cannot read as a picture */
export async function shrink(picture: Blob): Promise<Shrunk | undefined> {
  if (picture.size > pictureMaxBytes) return undefined;
  const image = await createImageBitmap(picture, { imageOrientation: 'from-image' }).catch(() => undefined);
  if (!image) return undefined;
  try {
    const small = await drawn(image, smallMaxSide, smallQuality);
    for (const [side, quality] of tries) {
      const whole = await drawn(image, side, quality);
      if (whole.length <= photoTargetBytes) return photoFault(whole) || !plainJpeg(small) ? undefined : { whole, small };
    }
    return undefined;
  } finally {
    image.close();
  }
}

async function drawn(image: ImageBitmap, maxSide: number, quality: number): Promise<Bytes> {
  const { width, height } = fitted(image, maxSide);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser draws nothing outside a page');
  // What is transparent would become black.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, width, height);
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality });
  return new Uint8Array(await blob.arrayBuffer());
}
