// SPDX-License-Identifier: Apache-2.0
// A voice that does not pause, as a page's microphone. A steady tone will not do: Opus takes it for background and suppresses it, and
// codes it in the way that has no forward error correction. Runs inside a page: it may use nothing from outside itself.
export function voice(): void {
  const devices = navigator.mediaDevices;
  const ask = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (wanted) => {
    const stream = await ask(wanted);
    if (!wanted?.audio) return stream;
    const context = new AudioContext();
    void context.resume();
    const cords = new OscillatorNode(context, { type: 'sawtooth', frequency: 125 });
    const loudness = new GainNode(context, { gain: 0.6 });
    const out = context.createMediaStreamDestination();
    // Vowels: their first three formants, five a second, each a little different.
    const vowels = [[730, 1090, 2440], [270, 2290, 3010], [530, 1840, 2480], [300, 870, 2240], [570, 840, 2410]];
    const formants = [0, 1, 2].map((n) => new BiquadFilterNode(context, { type: 'bandpass', frequency: vowels[0]![n]!, Q: 9 }));
    for (const [n, each] of formants.entries()) cords.connect(each).connect(new GainNode(context, { gain: [2, 1.2, 0.5][n]! })).connect(loudness);
    loudness.connect(out);
    cords.start();
    let turn = 0;
    setInterval(() => {
      turn += 1;
      const at = context.currentTime;
      for (const [n, each] of formants.entries()) each.frequency.linearRampToValueAtTime(vowels[(turn * 3) % 5]![n]!, at + 0.08);
      cords.frequency.linearRampToValueAtTime(125 + 25 * Math.sin(turn / 3) + 8 * Math.sin(turn * 2.1), at + 0.15);
      loudness.gain.linearRampToValueAtTime(turn % 2 === 0 ? 0.7 : 0.4, at + 0.1);
    }, 200);
    for (const track of stream.getAudioTracks()) {
      track.stop();
      stream.removeTrack(track);
    }
    stream.addTrack(out.stream.getAudioTracks()[0]!);
    return stream;
  };
}
