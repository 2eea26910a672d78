// SPDX-License-Identifier: Apache-2.0
// How long packets of sound are (RFC 8866 section 6.4, a=ptime), said to one's own browser in the server's last offer: nothing goes over a
// line for it, which may be narrow just then, where an offer and its answer take seconds of sound. Not here: when (the server), answering.

// The offer, with that time in each of these lines and in no other.
export function withPacketTime(sdp: string, mids: readonly string[], ms: number): string {
  const [head = '', ...sections] = sdp.split(/^(?=m=)/m);
  const line = `a=ptime:${ms}\r\n`;
  return [head, ...sections.map((section) => (mids.some((mid) => section.includes(`\r\na=mid:${mid}\r\n`)) ? section.replace(/^a=ptime:.*\r\n/m, '') + line : section))].join('');
}
