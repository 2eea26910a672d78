// SPDX-License-Identifier: Apache-2.0
// A Vite plugin of ours: puts .gz and .br beside every text and program file of the build, and stops the build when what a person must
// load to get from the personal link into the room grows over its budget. Counted: every script, style and page, gzipped,
// except what `later` names (files that only some people ever ask for). Not here: what the server does with the files.
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin, Rolldown } from 'vite';

export interface Budget {
  firstLoadBytes: number;
  later: RegExp[];
}

const text = /\.(m?js|css|html|svg|json|txt|webmanifest|wasm|tflite)$/;
const large = 1_000_000; // bytes; the last per cent of these would take half a minute of every build
const counted = /\.(m?js|css|html)$/;

export function compress(budget: Budget): Plugin {
  return {
    name: 'quietroom-compress',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options: unknown, bundle: Rolldown.OutputBundle) {
        let firstLoad = 0;
        for (const [name, file] of Object.entries(bundle)) {
          if (!text.test(name)) continue;
          const bytes = Buffer.from(file.type === 'chunk' ? file.code : file.source);
          const gz = gzipSync(bytes, { level: 9 });
          const br = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: bytes.length > large ? 9 : 11 } });
          this.emitFile({ type: 'asset', fileName: `${name}.gz`, source: gz });
          this.emitFile({ type: 'asset', fileName: `${name}.br`, source: br });
          if (counted.test(name) && !budget.later.some((pattern) => pattern.test(name))) firstLoad += gz.length;
        }
        const said = `first load ${(firstLoad / 1000).toFixed(1)} kB gzipped of ${budget.firstLoadBytes / 1000} kB`;
        if (firstLoad > budget.firstLoadBytes) this.error(`Over budget: ${said}`);
        this.info(said);
      },
    },
  };
}
