// SPDX-License-Identifier: Apache-2.0
// The API's document as the service puts it together (src/app/api_document.cpp): the fragments of docs/api in one.
import { files, text } from './source.ts';

export type Json = { [key: string]: unknown };
export interface Operation {
  operationId: string;
  parameters?: Json[];
  responses: Record<string, { $ref?: string; content?: Record<string, { schema: Json }> }>;
}
export interface Document extends Json {
  paths: Record<string, Record<string, Operation>>;
  components: Record<string, Json>;
}

export function apiDocument(): Document {
  const fragments = files('docs/api', /\.json$/).map((file) => JSON.parse(text(file)) as Document);
  const whole = fragments.find((one) => 'openapi' in one)!;
  for (const part of fragments) {
    if (part === whole) continue;
    for (const [path, methods] of Object.entries(part.paths ?? {})) Object.assign((whole.paths[path] ??= {}), methods);
    for (const [kind, all] of Object.entries(part.components ?? {})) Object.assign((whole.components[kind] ??= {}), all);
  }
  return whole;
}
