// SPDX-License-Identifier: Apache-2.0
// The real browsers of the stories: Chromium by Playwright, Firefox by WebDriver BiDi. Every page gets coded devices and
// readers (code.ts) before its own scripts run. A page error or a request to another host fails the story.
import { join } from 'node:path';
import { type Browser as Chromium, type BrowserContext, type Page, chromium } from 'playwright-core';
import puppeteer, { type Browser as Firefox, type Page as FirefoxPage } from 'puppeteer-core';
import { codedDevices, readers } from './code.ts';

// Where a browser of another network namespace (line.ts) is started, and how.
const inNetwork = join(import.meta.dirname, '..', 'in_network');
const programOf = (browser: string, network: string | undefined, home?: string) => {
  if (network === undefined) return { executablePath: browser };
  const env = { ...process.env, TEST_NETWORK: network, TEST_BROWSER: browser, ...(home === undefined ? {} : { HOME: home }) };
  return { executablePath: inNetwork, env: env as Record<string, string> };
};

const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-renderer-backgrounding',
  '--disable-background-timer-throttling',
  '--autoplay-policy=no-user-gesture-required',
];

export function launchChromium(options: { realDevices?: 'fake' | 'none' | 'sound'; fakeRate?: number; audible?: boolean; camera?: string; backForwardCache?: boolean; shows?: string; network?: string; home?: string } = {}): Promise<Chromium> {
  const fake = options.realDevices === 'sound' ? [] : [`--use-fake-device-for-media-stream=fps=${options.fakeRate ?? 20}`];
  const devices = options.realDevices === 'none' ? [] : [...fake, ...(options.shows ? [] : ['--use-fake-ui-for-media-stream']), ...(options.camera ? [`--use-file-for-fake-video-capture=${options.camera}`] : [])];
  return chromium.launch({
    ...programOf('/usr/bin/chromium', options.network, options.home),
    headless: true,
    chromiumSandbox: false,
    // The tab with this title is what a person chooses to show. The fake questions of the browser would show the page that asks.
    args: [...flags, ...devices, ...(options.shows ? [`--auto-select-tab-capture-source-by-title=${options.shows}`] : [])],
    // Headless Chromium is muted, and keeps no page for going back to, unless told otherwise.
    ignoreDefaultArgs: [...(options.audible ? ['--mute-audio'] : []), ...(options.backForwardCache ? ['--disable-back-forward-cache'] : [])],
  });
}

export function launchFirefox(options: { asksForTap?: boolean; network?: string; port?: number; profile?: string } = {}): Promise<Firefox> {
  return puppeteer.launch({
    browser: 'firefox',
    ...programOf('/usr/bin/firefox-esr', options.network),
    ...(options.port === undefined ? {} : { debuggingPort: options.port }),
    ...(options.profile === undefined ? {} : { userDataDir: options.profile }),
    headless: true,
    extraPrefsFirefox: {
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
      'media.autoplay.default': options.asksForTap ? 1 : 0,
      'media.autoplay.blocking_policy': options.asksForTap ? 2 : 0,
      'media.peerconnection.ice.loopback': true,
      'media.gmp-manager.updateEnabled': false,
      'app.update.enabled': false,
      'network.captive-portal-service.enabled': false,
      'network.connectivity-service.enabled': false,
      'privacy.resistFingerprinting': false,
      'privacy.reduceTimerPrecision': false,
    },
  });
}

export interface Devices {
  index: number;
  width?: number;
  height?: number;
  rate?: number;
  grain?: boolean;
  lively?: boolean;
}

const filled = (devices: Devices) => ({ width: 640, height: 360, rate: 12, ...devices });

declare global {
  interface Window {
    violations: string[]; // of the content security policy, in Firefox (Chromium reports them as console errors)
  }
}

export interface Watched {
  errors: string[]; // page errors and console errors
  foreign: string[]; // requests to any other host
}

export async function newContext(browser: Chromium, options: Parameters<Chromium['newContext']>[0] = {}): Promise<BrowserContext> {
  return browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', ...options });
}

export async function newPage(context: BrowserContext, devices: Devices | null, watched?: Watched): Promise<Page> {
  const page = await context.newPage();
  if (watched) {
    page.on('pageerror', (error) => watched.errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') watched.errors.push(message.text());
    });
    page.on('request', (request) => {
      const { hostname, protocol } = new URL(request.url());
      if (hostname !== 'localhost' && protocol !== 'data:' && protocol !== 'blob:') watched.foreign.push(request.url());
    });
  }
  if (devices) await page.addInitScript(codedDevices, filled(devices));
  await page.addInitScript(readers);
  return page;
}

export async function newFirefoxPage(browser: Firefox, devices: Devices): Promise<FirefoxPage> {
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 800 });
  await page.evaluateOnNewDocument(codedDevices, filled(devices));
  await page.evaluateOnNewDocument(() => {
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
  await page.evaluateOnNewDocument(readers);
  return page;
}
