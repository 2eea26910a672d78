// SPDX-License-Identifier: Apache-2.0
// What the thirty-second check found, in keys of plain words. Pure; the page shows them. "Off" is a choice, never a fault.
import type { Devices, LineCheck } from '../call/model';
import type { TextKey } from '../texts/text';

export interface Found {
  key: TextKey;
  fine: boolean;
}

export const cameraFound = (camera: Devices['camera']): Found => {
  if (camera.trouble) return { key: `trouble.camera.${camera.trouble}`, fine: false };
  return camera.on ? { key: 'check.camera_works', fine: true } : { key: 'check.camera_off', fine: true };
};

// `loudest`: the highest level seen while the check ran, 0..1.
export const microphoneFound = (microphone: Devices['microphone'], loudest: number): Found => {
  if (microphone.trouble) return { key: `trouble.microphone.${microphone.trouble}`, fine: false };
  if (!microphone.on) return { key: 'check.microphone_off', fine: true };
  return loudest > 0.08 ? { key: 'check.heard', fine: true } : { key: 'check.not_heard', fine: false };
};

export const lineFound = (check: LineCheck): Found | null => {
  if (check.state !== 'done') return null;
  const word = check.word ?? 'none';
  return { key: `check.line.${word}`, fine: word === 'good' || word === 'fair' };
};

export const soundFound = (heard: boolean | null): Found | null =>
  heard === null ? null : heard ? { key: 'check.sound_works', fine: true } : { key: 'check.no_sound', fine: false };
