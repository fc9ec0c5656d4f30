/**
 * CT1 Reads QR codes from pictures: with the platform's own detector where it has one, otherwise with a library that is fetched
 * when a camera is first opened.
 */

/** @returns what the code says, if there is one to be seen */
export type ReadCode = (video: HTMLVideoElement) => Promise<string | undefined>;

interface Detector {
  detect(source: CanvasImageSource): Promise<readonly { readonly rawValue: string }[]>;
}
interface DetectorClass {
  new (options: { readonly formats: readonly string[] }): Detector;
  getSupportedFormats(): Promise<readonly string[]>;
}

async function platformDetector(): Promise<Detector | undefined> {
  const Found = (globalThis as { readonly BarcodeDetector?: DetectorClass }).BarcodeDetector;
  try {
    return Found && (await Found.getSupportedFormats()).includes('qr_code') ? new Found({ formats: ['qr_code'] }) : undefined;
  } catch {
    // There by name only, e.g. on a device without the platform's services.
    return undefined;
  }
}

/** A card held in front of a camera is read well below this, and a large picture takes long. */
const widthMax = 640;

async function fromLibrary(): Promise<ReadCode> {
  const { default: jsQR } = await import('jsqr');
  const canvas = document.createElement('canvas');
  const drawing = canvas.getContext('2d', { willReadFrequently: true });
  return (video) => {
    const scale = Math.min(1, widthMax / video.videoWidth);
    const [width, height] = [Math.round(video.videoWidth * scale), Math.round(video.videoHeight * scale)];
    if (!drawing || width === 0 || height === 0) return Promise.resolve(undefined);
    canvas.width = width;
    canvas.height = height;
    drawing.drawImage(video, 0, 0, width, height);
    const { data } = drawing.getImageData(0, 0, width, height);
    return Promise.resolve(jsQR(data, width, height, { inversionAttempts: 'dontInvert' })?.data);
  };
}

export async function openCodeReader(): Promise<ReadCode> {
  const detector = await platformDetector();
  if (!detector) return fromLibrary();
  return async (video) => (video.videoWidth === 0 ? undefined : (await detector.detect(video))[0]?.rawValue);
}
