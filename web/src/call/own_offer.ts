// SPDX-License-Identifier: Apache-2.0
// What a client writes into the server's offer before its own browser reads it: how long packets of sound are (RFC 8866 section 6.4,
// a=ptime), and which layers of the camera are not sent (RFC 8853 section 5.1, "~"), since Chromium takes any offer that does not say so for a
// wish for all of them, and begins each with a key frame. So neither needs an offer of the server's own, which takes seconds of sound on
// a line that is narrow. Not here: when (the server), answering (peer.ts).
import { type LayerName, layerNames } from './layers';

// In each of these lines and in no other.
export function withPacketTime(sdp: string, mids: readonly string[], ms: number): string {
  return inLines(sdp, mids, (section) => `${section.replace(/^a=ptime:.*\r\n/m, '')}a=ptime:${ms}\r\n`);
}

export function withLayers(sdp: string, mid: string, sent: readonly LayerName[]): string {
  const layers = layerNames.map((name) => (sent.includes(name) ? name : `~${name}`)).join(';');
  return inLines(sdp, [mid], (section) => section.replace(/^a=simulcast:recv .*(?=\r\n)/m, `a=simulcast:recv ${layers}`));
}

// As the server reads it: every layer is there to be sent.
export const withoutPauses = (answer: string): string => answer.replace(/^a=simulcast:.*/gm, (line) => line.replaceAll('~', ''));

function inLines(sdp: string, mids: readonly string[], change: (section: string) => string): string {
  return sdp
    .split(/^(?=m=)/m)
    .map((section) => (mids.some((mid) => section.includes(`\r\na=mid:${mid}\r\n`)) ? change(section) : section))
    .join('');
}
