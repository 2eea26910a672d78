// SPDX-License-Identifier: Apache-2.0
// Visible texts of the whiteboard, in ICU MessageFormat. As en.ts: short sentences, "you" and "we", no jargon, no blame.
export const enBoard = {
  'board.open': 'Open the whiteboard',
  'board.area': 'Whiteboard, opened by {name}',
  'board.coming': 'We are getting the whiteboard ready.',
  'board.failed': 'The whiteboard does not work in this browser. Ask somebody to tell you what is on it.',
  'board.may': 'You can draw here. Everyone in the group sees it. It is not kept.',
  'board.look': 'The facilitators draw here. It is not kept.',
  'board.tools': 'Drawing',
  'board.lead': 'For facilitators',
  'board.ink.black': 'Black',
  'board.ink.blue': 'Blue',
  'board.ink.red': 'Red',
  'board.ink.green': 'Green',
  'board.rubber': 'Rub out',
  'board.undo': 'Take back my last',
  'board.all': 'Everyone draws',
  'board.clear': 'Clear it',
  'board.clear_sure': 'Yes, clear it for everyone',
  'board.close': 'Close the whiteboard',
} as const;
