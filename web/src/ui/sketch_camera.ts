// SPDX-License-Identifier: Apache-2.0
// What tiles show in the sketch: a face-like picture that is painted here, or the browser's own camera (camera=device; ./dev screens gives
// it one that shows a person in a room), disguised as the product does it; but the worker that finds the person runs only where it is
// built, which is what the story `portrait` is for. Not in the production bundle. Invariant: a stream has a
// track only once there is a picture to show: whoever waits for the first frame gets no empty one.
import type { Devices, Disguise } from '../call/model';
import { isDrawn } from '../disguise/choice';
import { Painter } from '../disguise/paint';
import { disguisePicture } from '../disguise/picture';

type Look = Disguise['picture'];
type Masking = Devices['disguise']['masking'];
const tints = ['#7b93a6', '#a68f7b', '#7ba68a', '#937ba6', '#a67b86', '#7ba3a6'];

// A face-like picture: no camera, no file.
const paintedFace = (index: number): MediaStream => {
  const canvas = document.createElement('canvas');
  canvas.width = 320;
  canvas.height = 180;
  const paint = canvas.getContext('2d');
  const draw = (): void => {
    if (!paint) return;
    paint.fillStyle = tints[index % tints.length] ?? '#888';
    paint.fillRect(0, 0, 320, 180);
    paint.fillStyle = 'rgba(255, 240, 225, 0.9)';
    paint.beginPath();
    paint.arc(160, 78, 38, 0, Math.PI * 2);
    paint.fill();
    paint.fillStyle = 'rgba(40, 50, 60, 0.75)';
    paint.beginPath();
    paint.ellipse(160, 178, 74, 58, 0, 0, Math.PI * 2);
    paint.fill();
  };
  draw();
  const stream = canvas.captureStream(5);
  setInterval(draw, 400);
  return stream;
};

// The same as others would see it with the look that is asked for.
const disguisedFace = (index: number, look: Look): MediaStream => {
  const own = paintedFace(index);
  if (look === 'none') return own;
  const shown = new MediaStream();
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = own;
  void video.play();
  const painter = new Painter((size) => Object.assign(document.createElement('canvas'), size), { width: 640, height: 360 });
  const draw = (): void => {
    if (!isDrawn(look) && video.readyState < 2) return;
    painter.paint(look, video, 0.5, 0);
    if (shown.getTracks().length > 0) return;
    for (const track of (painter.canvas as HTMLCanvasElement).captureStream(10).getTracks()) shown.addTrack(track);
  };
  setInterval(draw, 100);
  return shown;
};

export function sketchCamera(device: boolean) {
  let say: (masking: Masking) => void = () => undefined;
  let camera: Promise<MediaStreamTrack> | null = null;
  const open = (): Promise<MediaStreamTrack> =>
    (camera ??= navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 24 } } }).then((stream) => stream.getVideoTracks()[0]!));
  const made = new Map<Look, MediaStream>();
  const ofDevice = (look: Look): MediaStream => {
    const known = made.get(look);
    if (known) return known;
    const shown = new MediaStream();
    made.set(look, shown);
    const track = async (): Promise<MediaStreamTrack> => {
      if (look === 'none') return open();
      const raw = isDrawn(look) ? null : await open();
      return (await disguisePicture(raw, look, { failed: () => shown.getTracks().forEach((one) => shown.removeTrack(one)), masking: (masking) => say(masking), anew: () => undefined })).track;
    };
    void track().then((one) => shown.addTrack(one));
    return shown;
  };
  return {
    paintedFace,
    disguisedFace,
    ownFace: (index: number, look: Look): MediaStream => (device ? ofDevice(look) : disguisedFace(index, look)),
    told: (to: (masking: Masking) => void): void => void (say = to),
  };
}
