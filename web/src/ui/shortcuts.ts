// SPDX-License-Identifier: Apache-2.0
// Keys for the room: Alt + Shift + a letter. Screen readers take single letters (reading mode), Insert and Caps Lock (NVDA,
// JAWS) and Control + Option (VoiceOver); these stay free of them, and of AltGr. Read by the place of the key, so they hold
// on every keyboard; off while someone writes (a Mac writes letters with Option), but for the two that must not wait; can be
// switched off (WCAG 2.1.4).
export type Shortcut = 'microphone' | 'camera' | 'hand' | 'chat' | 'private' | 'help' | 'leave' | 'exit' | 'panel';

export const shortcuts: readonly { name: Shortcut; code: string; letter: string }[] = [
  { name: 'microphone', code: 'KeyM', letter: 'M' },
  { name: 'camera', code: 'KeyC', letter: 'C' },
  { name: 'hand', code: 'KeyH', letter: 'H' },
  { name: 'chat', code: 'KeyT', letter: 'T' },
  { name: 'private', code: 'KeyP', letter: 'P' },
  { name: 'help', code: 'KeyN', letter: 'N' },
  { name: 'leave', code: 'KeyL', letter: 'L' },
  { name: 'exit', code: 'KeyX', letter: 'X' },
  { name: 'panel', code: 'KeyG', letter: 'G' },
];

export interface Pressed {
  code: string;
  altKey: boolean;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  repeat: boolean;
}

export const shortcutFor = (key: Pressed, writing: boolean): Shortcut | null => {
  if (key.repeat || !key.altKey || !key.shiftKey || key.ctrlKey || key.metaKey) return null;
  const name = shortcuts.find((one) => one.code === key.code)?.name ?? null;
  return writing && name !== null && !isUrgent(name) ? null : name;
};

// These work while someone writes, and from within a dialog.
export const isUrgent = (name: Shortcut): boolean => name === 'private' || name === 'exit';

export const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');
