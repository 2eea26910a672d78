// SPDX-License-Identifier: Apache-2.0
// Tests of the house run in parallel; stories drive real browsers and a real server, one at a time on two cores.
import { defineConfig } from 'vitest/config';

const stories = (name: string, files: string) => ({
  test: { name, include: [files], fileParallelism: false, testTimeout: 180_000, hookTimeout: 300_000, retry: 0 },
});

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'house', include: ['house/*.test.ts'], testTimeout: 60_000 } },
      { test: { name: 'answers', include: ['answers/*.test.ts'] } },
      { test: { name: 'guards', include: ['guards/*.test.ts'] } },
      stories('room', 'stories/*.story.ts'),
      stories('alone', 'stories/alone/*.story.ts'), // they measure what a person sees and hears: nothing runs beside them
      stories('beside', 'stories/beside/*.story.ts'), // no browser and little to do: they wait for time to pass, beside all others
      stories('desk', 'stories/desk/*.story.ts'), // no room: one page at a time, and the service
    ],
  },
});
