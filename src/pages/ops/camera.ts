/** The part of the Shape Detection API that is used. Not every browser has it. */
interface BarcodeDetector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}

declare const BarcodeDetector: {
  new (options: { formats: string[] }): BarcodeDetector;
};

const LOOK_MS = 200;
/** The same code in the picture is one ticket for so long. */
const SAME_MS = 5_000;

export interface Scanner {
  stop(): void;
}

export function canScan(): boolean {
  return "BarcodeDetector" in globalThis && "mediaDevices" in navigator;
}

/**
 * Looks for codes in the picture of the camera. `onCode` says whether the code is dealt with; else it
 * is tried again. Throws if the camera is refused.
 */
export async function startScanner(
  video: HTMLVideoElement,
  onCode: (code: string) => Promise<boolean>,
): Promise<Scanner> {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: "environment" },
  });
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  let isOver = false;
  let last = { code: "", atMs: 0 };
  video.srcObject = stream;
  const look = async () => {
    if (isOver) return;
    // A picture that is not there yet has no codes.
    const [found] = await detector.detect(video).catch(() => []);
    const code = found?.rawValue;
    if (code && !(code === last.code && Date.now() - last.atMs < SAME_MS)) {
      const isDone = await onCode(code);
      last = isDone ? { code, atMs: Date.now() } : { code: "", atMs: 0 };
    }
    setTimeout(() => void look(), LOOK_MS);
  };
  void video.play().then(look, () => {});
  return {
    stop() {
      isOver = true;
      for (const track of stream.getTracks()) track.stop();
      video.srcObject = null;
    },
  };
}
