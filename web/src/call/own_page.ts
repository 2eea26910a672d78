// SPDX-License-Identifier: Apache-2.0
// Pages of this service say to a capture of theirs whose they are (W3C Capture Handle Identity): the register, a person's record or
// another room would be shown to a group by one wrong click in the browser's list. Chromium; elsewhere nothing is said and nothing known.
const handle = 'quietroom';

interface Captured extends MediaStreamTrack {
  getCaptureHandle?(): { handle?: string } | null;
}
interface CaptureHandles {
  setCaptureHandleConfig?(config: { handle: string; exposeOrigin: boolean; permittedOrigins: string[] }): void;
}

export function sayWhoseThisPageIs(media: CaptureHandles | undefined, origin: string): void {
  media?.setCaptureHandleConfig?.({ handle, exposeOrigin: false, permittedOrigins: [origin] });
}

export const isOurs = (track: Captured): boolean => track.getCaptureHandle?.()?.handle === handle;
