// SPDX-License-Identifier: Apache-2.0
// What the stories use of the npm package oidc-provider, which brings no types of its own.
declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http';
  export default class Provider {
    constructor(issuer: string, configuration: object);
    callback(): RequestListener;
  }
}
