// SPDX-License-Identifier: Apache-2.0
// How the browser client is built (into ../build/web) and its tests are run. React's names lead to Preact's compat layer;
// sources are typed against @types/react (nhsuk-react-components is), so write `import { useState } from 'react'`.
// Names of built files carry a hash of their content, so that the server may let browsers keep them for ever.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { compress } from './compress.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  base: '/',
  resolve: {
    alias: [
      { find: /^react\/jsx-runtime$/, replacement: 'preact/jsx-runtime' },
      { find: /^react-dom\/client$/, replacement: 'preact/compat/client' },
      { find: /^react-dom$/, replacement: 'preact/compat' },
      { find: /^react$/, replacement: 'preact/compat' },
      // nhsuk-frontend's own pictures, so that they are hashed and come from this server.
      { find: /^\/assets\/images\//, replacement: here('node_modules/nhsuk-frontend/dist/nhsuk/assets/images/') },
    ],
    dedupe: ['preact'],
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  css: { preprocessorOptions: { scss: { loadPaths: [here('node_modules')], quietDeps: true } } },
  build: {
    outDir: here('../build/web'),
    emptyOutDir: true,
    target: ['chrome110', 'firefox115', 'safari16.4'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    rolldownOptions: {
      onLog(level, log, handler) {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handler(level, log); // 'use client' means nothing here
      },
    },
  },
  worker: { format: 'es' },
  plugins: [compress({ firstLoadBytes: 200_000, later: [/^assets\/(staff|qr|mine|picture|voice|thumbs|mask|paint|selfie|bench|pdf|board|mls_fallback|ed25519|ed448|edwards|curve|sha2|nist|chacha)/] })],
  optimizeDeps: { include: ['preact/compat', 'preact/compat/client', 'preact/jsx-runtime', 'nhsuk-react-components', 'intl-messageformat', 'uqr'] }, // at once: no page is drawn twice
  server: { proxy: { '/api': { target: 'http://127.0.0.1:8080', ws: true } } },
  test: { include: ['src/**/*.test.ts', 'src/**/*.test.tsx'], environment: 'node', passWithNoTests: true, testTimeout: 120_000 },
});
