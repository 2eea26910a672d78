// SPDX-License-Identifier: Apache-2.0
// Finds the person in a picture (MediaPipe selfie segmentation, all of it from our own server), in a worker of its own: one picture
// takes some 45 ms. The library knows pages only (its own way for workers loads its model as if
// it were a script), so it is given the little of a page that it asks for: a way to load its two scripts, and a canvas that
// nobody sees. Hence a classic worker: importScripts. It compiles WebAssembly ('wasm-unsafe-eval' in the content security policy)
// and evaluates no text.
import graphAddress from '@mediapipe/selfie_segmentation/selfie_segmentation.binarypb?url';
import libraryAddress from '@mediapipe/selfie_segmentation/selfie_segmentation.js?url';
import modelAddress from '@mediapipe/selfie_segmentation/selfie_segmentation_landscape.tflite?url';
import squareModelAddress from '@mediapipe/selfie_segmentation/selfie_segmentation.tflite?url';
import loaderAddress from '@mediapipe/selfie_segmentation/selfie_segmentation_solution_simd_wasm_bin.js?url';
import programAddress from '@mediapipe/selfie_segmentation/selfie_segmentation_solution_simd_wasm_bin.wasm?url';
import type { FromMask, ToMask } from './said';

interface Segmenter {
  setOptions(options: { modelSelection: 0 | 1; selfieMode: boolean; useCpuInference: boolean }): void;
  onResults(listener: (results: { segmentationMask: ImageBitmap | OffscreenCanvas }) => void): void;
  initialize(): Promise<void>;
  send(inputs: { image: ImageBitmap }): Promise<void>;
}
interface Scope {
  onmessage: ((event: MessageEvent<{ port: MessagePort }>) => void) | null;
  window?: unknown;
  document?: unknown;
  importScripts(...addresses: string[]): void;
  SelfieSegmentation?: new (options: { locateFile(name: string): string }) => Segmenter;
}
const scope = self as unknown as Scope;

const parts: Record<string, string> = {
  'selfie_segmentation.binarypb': graphAddress,
  'selfie_segmentation.tflite': squareModelAddress,
  'selfie_segmentation_landscape.tflite': modelAddress,
  'selfie_segmentation_solution_simd_wasm_bin.js': loaderAddress,
  'selfie_segmentation_solution_simd_wasm_bin.wasm': programAddress,
};

scope.onmessage = ({ data: { port } }) => {
  const say = (said: FromMask, hand: Transferable[] = []): void => port.postMessage(said, hand);
  void begin().then(
    (segmenter) => serve(segmenter, port, say),
    () => say({ say: 'cannot' }),
  );
};

class Script extends EventTarget {
  address = '';
  setAttribute(name: string, value: string): void {
    if (name === 'src') this.address = value;
  }
}
const littlePage = {
  createElement: (kind: string) => (kind === 'script' ? new Script() : Object.assign(new OffscreenCanvas(1, 1), { style: {} })),
  addEventListener: () => undefined,
  body: {
    appendChild: (script: Script) => {
      scope.importScripts(script.address);
      script.dispatchEvent(new Event('load'));
    },
  },
};

async function begin(): Promise<Segmenter> {
  scope.window = self;
  scope.document = littlePage;
  scope.importScripts(libraryAddress);
  if (!scope.SelfieSegmentation) throw new Error('the library did not load');
  const segmenter = new scope.SelfieSegmentation({
    locateFile: (name) => {
      const address = parts[name];
      if (address === undefined) throw new Error(`no part ${name}`);
      return new URL(address, location.href).href;
    },
  });
  // Without a graphics card 45 ms a picture instead of 200, and no seconds of making programs for it.
  segmenter.setOptions({ modelSelection: 1, selfieMode: false, useCpuInference: true });
  await segmenter.initialize();
  // The first picture takes longest: it is one of nobody.
  const nobody = new OffscreenCanvas(640, 360);
  nobody.getContext('2d')?.fillRect(0, 0, 640, 360);
  await segmenter.send({ image: nobody.transferToImageBitmap() });
  return segmenter;
}

function serve(segmenter: Segmenter, port: MessagePort, say: (said: FromMask, hand?: Transferable[]) => void): void {
  let found: ImageBitmap | OffscreenCanvas | null = null;
  segmenter.onResults(({ segmentationMask }) => (found = segmentationMask));
  port.onmessage = async ({ data: { picture, number } }: MessageEvent<ToMask>) => {
    try {
      found = null;
      await segmenter.send({ image: picture });
      const mask = found ? await createImageBitmap(found) : null;
      say({ say: 'mask', number, mask }, mask ? [mask] : []);
    } catch {
      say({ say: 'cannot' });
    } finally {
      picture.close();
    }
  };
  port.start();
  say({ say: 'ready' });
}
