// SPDX-License-Identifier: Apache-2.0
// Staff sign in through their organisation: a real OpenID Connect provider (the npm package oidc-provider) on loopback, a real
// server, a real browser that types into the provider's own pages. By client secret and by private key; the account is bound
// once and found from then on; keys that turn; somebody without an account; a provider that is away.
import { execFile } from 'node:child_process';
import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type Server as HttpServer, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Provider from 'oidc-provider';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium, newContext as plainContext } from '../../people/browsers.ts';
import { quietroom, type Server, startServer } from '../../people/server.ts';
import { codeOf } from '../../people/staff.ts';

// The provider's own pages ask another host for a font: that is refused at once, rather than waited for.
const newContext = async (browser: Parameters<typeof plainContext>[0]) => {
  const context = await plainContext(browser);
  await context.route((url) => !['localhost', '127.0.0.1'].includes(url.hostname), (route) => route.abort());
  return context;
};

const run = promisify(execFile);

// A port that is free now, and stays ours until `close`.
async function listening(server: HttpServer, port = 0): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
  return (server.address() as AddressInfo).port;
}
async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

const signingKey = (kid: string, alg: 'ES256' | 'RS256') => {
  const pair = alg === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...pair.privateKey.export({ format: 'jwk' }), kid, alg, use: 'sig' };
};

// RFC 7638: what we call our own key by.
function thumbprint(jwk: object): string {
  const { crv, e, kty, n, x, y } = jwk as Record<string, string>;
  return createHash('sha256').update(JSON.stringify(kty === 'EC' ? { crv, kty, x, y } : { e, kty, n })).digest('base64url');
}

class PlayedOrganisation {
  issuer = '';
  private server: HttpServer | undefined;
  private readonly port: number;
  constructor(port: number) {
    this.port = port;
    this.issuer = `http://localhost:${port}`;
  }

  async open(client: object, keys: object[]): Promise<void> {
    await this.close();
    const configuration = {
      clients: [{ client_id: 'quietroom', response_types: ['code'], grant_types: ['authorization_code'], ...client }],
      jwks: { keys },
      cookies: { keys: ['for this story alone'] },
      claims: { openid: ['sub'], email: ['email', 'email_verified'] },
      conformIdTokenClaims: false,
      pkce: { required: () => true },
      findAccount: (_: unknown, id: string) => ({
        accountId: id,
        claims: () => ({ sub: `subject-of-${id}`, email: `${id}@example.org`, email_verified: true }),
      }),
    };
    const provider = new Provider(this.issuer, configuration);
    this.server = createServer((request, response) => void provider.callback()(request, response));
    await listening(this.server, this.port);
  }

  async close(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    if (!server) return;
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

// A server of its own, with an administrator's account for robin. The organisation's own pages ask for a password alone.
async function signsInBy(organisation: PlayedOrganisation, more: string[], trusted = true): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'quietroom-story-'));
  const port = await freePort();
  const data = join(folder, 'data');
  await run(quietroom, ['admin', 'create', '--email', 'robin@example.org', '--name', 'Robin Ash', '--data', data]);
  const sign = ['--sign-in-oidc-issuer', organisation.issuer, '--sign-in-oidc-client-id', 'quietroom', '--http-address', `http://localhost:${port}`, '--sign-in-oidc-has-second-factor', String(trusted)];
  return startServer({ folder, port, arguments: [...sign, ...more] });
}

// From our start address through the provider's pages, as a person goes; where they end.
async function signIn(context: BrowserContext, server: Server, who: string): Promise<string> {
  const page = await context.newPage();
  await page.goto(`${server.url}/api/sign-in/provider`);
  if (await page.locator('input[name=login]').isVisible()) {
    await page.fill('input[name=login]', who);
    await page.fill('input[name=password]', 'any');
    await page.click('button[type=submit]');
  }
  if (page.url().includes('/interaction/')) await page.click('button[type=submit]'); // "Continue": consent
  await page.waitForURL(/\/staff/);
  const at = new URL(page.url());
  await page.close();
  return at.pathname + at.search;
}

const me = async (context: BrowserContext, server: Server): Promise<{ status: number; email?: string }> => {
  const response = await context.request.get(`${server.url}/api/me`);
  return response.ok() ? { status: 200, email: ((await response.json()) as { email: string }).email } : { status: response.status() };
};

let browser: Browser;
let organisation: PlayedOrganisation;
let server: Server | undefined;
const files = mkdtempSync(join(tmpdir(), 'quietroom-oidc-'));

beforeAll(async () => {
  browser = await launchChromium();
  organisation = new PlayedOrganisation(await freePort());
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
});
afterAll(async () => {
  await organisation?.close();
  await browser?.close();
  rmSync(files, { recursive: true, force: true });
});

const redirects = () => ({ redirect_uris: [`${server!.url}/api/sign-in/provider/back`] });

describe('by client secret', () => {
  const secretFile = join(files, 'secret');
  writeFileSync(secretFile, 'a secret + of this story\n');
  const client = (how: string) => ({ client_secret: 'a secret + of this story', token_endpoint_auth_method: how, id_token_signed_response_alg: 'RS256', ...redirects() });

  test('an account that was made is bound and found again; a stranger and a code of another browser open nothing; keys may turn', async () => {
    server = await signsInBy(organisation, ['--sign-in-oidc-client-secret-file', secretFile]);
    await organisation.open(client('client_secret_basic'), [signingKey('one', 'RS256')]);
    const robin = await newContext(browser);
    expect(await me(robin, server)).toEqual({ status: 401 });
    expect(await signIn(robin, server, 'robin')).toBe('/staff');
    expect(await me(robin, server)).toEqual({ status: 200, email: 'robin@example.org' });
    const cookies = (await robin.cookies(server.url)).filter(({ name }) => name.startsWith('quietroom'));
    expect(cookies.map(({ name, httpOnly, sameSite }) => ({ name, httpOnly, sameSite }))).toEqual([{ name: 'quietroom', httpOnly: true, sameSite: 'Strict' }]);

    const stranger = await newContext(browser);
    expect(await signIn(stranger, server, 'hazel')).toBe('/staff/sign-in?problem=not-known');
    expect(await me(stranger, server)).toEqual({ status: 401 });
    await stranger.close();

    // A code of one browser opens nothing in another.
    const other = await newContext(browser);
    const page = await other.newPage();
    await page.goto(`${server.url}/api/sign-in/provider/back?code=stolen&state=${'x'.repeat(43)}`);
    expect(new URL(page.url()).search).toBe('?problem=again');
    await other.close();

    const turned = [signingKey('two', 'RS256')];
    await organisation.open(client('client_secret_basic'), turned);
    const later = await newContext(browser);
    expect(await signIn(later, server, 'robin')).toBe('/staff');
    expect((await me(later, server)).email).toBe('robin@example.org');

    // Registered with another secret than ours: said, and nothing opens.
    await organisation.open({ ...client('client_secret_basic'), client_secret: 'not the secret that we were given' }, turned);
    const wrong = await newContext(browser);
    expect(await signIn(wrong, server, 'robin')).toBe('/staff/sign-in?problem=refused');
    expect(await me(wrong, server)).toEqual({ status: 401 });
    await wrong.close();
    await later.close();
    await robin.close();
  });

  test('a page that was idle is opened again through the provider, for the same person alone, and what was typed is still there', async () => {
    server = await signsInBy(organisation, ['--sign-in-oidc-client-secret-file', secretFile]);
    await organisation.open(client('client_secret_basic'), [signingKey('one', 'RS256')]);
    const robin = await newContext(browser);
    expect(await signIn(robin, server, 'robin')).toBe('/staff');
    const page = await robin.newPage();
    await page.goto(`${server.url}/staff/colleagues/new`);
    await page.getByLabel('Name').fill('Heron Example');
    await page.getByLabel('Email address').fill('heron@example.org');
    const hidden = await page.request.post(`${server.url}/api/sign-in/lock`, { data: {}, headers: { origin: server.url } });
    expect(hidden.status()).toBe(204);
    await page.getByRole('button', { name: 'Make this account' }).click();
    await page.getByRole('heading', { name: 'Are you still there?' }).waitFor();
    expect(await page.getByLabel('Password').count()).toBe(0); // they have none here

    // The provider still knows robin, and must ask again all the same; who then signs in as another opens nothing.
    const through = async (who: string): Promise<string> => {
      const [tab] = await Promise.all([robin.waitForEvent('page'), page.getByRole('link', { name: /^Sign in with/ }).click()]);
      await tab.locator('input[name=login]').fill(who);
      await tab.locator('input[name=password]').fill('any');
      await tab.locator('button[type=submit]').click();
      await tab.waitForURL((url) => url.pathname.includes('/interaction/') || url.pathname.startsWith('/staff'));
      if (tab.url().includes('/interaction/')) await tab.locator('button[type=submit]').click();
      await tab.waitForURL(/\/staff\/signed-in/);
      const said = await tab.locator('#main h1').innerText();
      await tab.close();
      await page.bringToFront();
      return said;
    };
    const locked = async (): Promise<boolean> => ((await (await page.request.get(`${server!.url}/api/me`)).json()) as { locked: boolean }).locked;
    expect(await locked()).toBe(true);
    expect(await through('hazel')).toBe('You are not signed in yet');
    expect(await locked()).toBe(true);
    expect(await through('robin')).toBe('You are signed in again');
    // What was typed is still there, and saving goes on by itself.
    await page.getByRole('heading', { name: 'Heron Example' }).waitFor();
    expect(await locked()).toBe(false);
    await robin.close();
  });

  test('a password alone opens nothing: the second factor of this service is set up, and asked for from then on', async () => {
    server = await signsInBy(organisation, ['--sign-in-oidc-client-secret-file', secretFile], false);
    await organisation.open(client('client_secret_basic'), [signingKey('one', 'RS256')]);
    const robin = await newContext(browser);
    expect(await signIn(robin, server, 'robin')).toBe('/staff/sign-in?step=set-up-second-factor');
    expect(await me(robin, server)).toEqual({ status: 401 });
    const page = await robin.newPage();
    await page.goto(`${server.url}/staff/sign-in?step=set-up-second-factor`);
    await page.getByRole('button', { name: 'I have kept them' }).click();
    await page.getByText('I cannot scan it').click();
    const key = (await page.locator('code.secret').innerText()).replace(/\s/g, '');
    await page.getByLabel('Code', { exact: true }).fill(codeOf(key, Date.now()));
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL(/\/staff\/?$/);
    expect((await me(robin, server)).email).toBe('robin@example.org');
    await page.close();
    const later = await newContext(browser);
    expect(await signIn(later, server, 'robin')).toBe('/staff/sign-in?step=second-factor');
    expect(await me(later, server)).toEqual({ status: 401 });
    await later.close();
    await robin.close();
  });

  test('in the body, where the provider asks for it', async () => {
    server = await signsInBy(organisation, ['--sign-in-oidc-client-secret-file', secretFile, '--sign-in-oidc-secret-in-body', 'true']);
    await organisation.open(client('client_secret_post'), [signingKey('one', 'RS256')]);
    const robin = await newContext(browser);
    expect(await signIn(robin, server, 'robin')).toBe('/staff');
    expect((await me(robin, server)).email).toBe('robin@example.org');
    await robin.close();
  });
});

describe('by private key', () => {
  test.each(['ES256', 'RS256'] as const)('%s: signs its own assertion', async (alg) => {
    const pair = alg === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('rsa', { modulusLength: 2048 });
    const keyFile = join(files, `${alg}.pem`);
    writeFileSync(keyFile, pair.privateKey.export({ format: 'pem', type: 'pkcs8' }));
    server = await signsInBy(organisation, ['--sign-in-oidc-key-file', keyFile]);
    const jwk = createPublicKey(pair.privateKey).export({ format: 'jwk' });
    const jwks = { keys: [{ ...jwk, kid: thumbprint(jwk), alg, use: 'sig' }] };
    const client = { token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: alg, jwks, id_token_signed_response_alg: 'ES256', ...redirects() };
    await organisation.open(client, [signingKey('one', 'ES256')]);
    const robin = await newContext(browser);
    expect(await signIn(robin, server, 'robin')).toBe('/staff');
    expect((await me(robin, server)).email).toBe('robin@example.org');
    await robin.close();
  });
});

test('a provider that is away is said on the sign-in page', async () => {
  const keyFile = join(files, 'away.pem');
  writeFileSync(keyFile, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }));
  await organisation.close();
  server = await signsInBy(organisation, ['--sign-in-oidc-key-file', keyFile]);
  const context = await newContext(browser);
  const page = await context.newPage();
  await page.goto(`${server.url}/api/sign-in/provider`);
  expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/staff/sign-in?problem=unreachable');
  await context.close();
});
