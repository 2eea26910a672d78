// SPDX-License-Identifier: Apache-2.0
// What this person shows everyone: one tab, window or worksheet, first to themselves, then to the room. Not here: who may (the room
// decides), sending it (peer.ts). Invariant: nothing of it leaves before the person has seen it and said so, and the room has
// taken it; whatever ends it, the capture ends with it.
import type { ClientMessage, ServerMessage } from './message';
import type { CallState, OwnShare, Seat, SharingControl } from './model';
import { isOurs } from './own_page';
import { NotAWorksheet, type Worksheet } from './worksheet';

export interface ShareBrowser {
  media: Pick<MediaDevices, 'getDisplayMedia'> | null;
  preview(track: MediaStreamTrack): MediaStream;
  worksheet(file: File): Promise<Worksheet>; // throws NotAWorksheet
}

const neverShown: ReadonlySet<OwnShare['what']> = new Set(['screen', 'ours']);
const surfaces: Partial<Record<string, OwnShare['what']>> = { browser: 'page', window: 'window', monitor: 'screen' };

export class LocalShare implements SharingControl {
  private held: { track: MediaStreamTrack; sheet: Worksheet | null; share: OwnShare } | null = null;
  private asking = false;
  trouble: CallState['shareTrouble'] = null;

  constructor(
    private readonly browser: ShareBrowser,
    private readonly changed: () => void,
    private readonly send: (message: ClientMessage) => void,
  ) {}

  get state(): OwnShare | null {
    return this.held?.share ?? null;
  }

  // What may be sent now.
  get track(): MediaStreamTrack | null {
    return this.held?.share.state === 'on' ? this.held.track : null;
  }

  async choose(): Promise<void> {
    if (this.asking || this.held) return;
    this.asking = true;
    this.trouble = null;
    try {
      if (!this.browser.media?.getDisplayMedia) throw new TypeError('this browser cannot show a screen');
      const options: DisplayMediaStreamOptions & Record<string, unknown> = {
        video: { displaySurface: 'browser', frameRate: { max: 15 } } as MediaTrackConstraints,
        audio: false,
        monitorTypeSurfaces: 'exclude', // a whole screen shows what nobody meant to show
        selfBrowserSurface: 'exclude', // a room within the room
        surfaceSwitching: 'exclude', // what was seen in the preview is what is shown
      };
      const [track] = (await this.browser.media.getDisplayMedia(options)).getVideoTracks();
      if (!track) throw new TypeError('nothing to show');
      this.take(track);
    } catch (error) {
      this.trouble = error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'AbortError') ? 'refused' : 'other';
    } finally {
      this.asking = false;
    }
    this.changed();
  }

  async worksheet(file: File): Promise<void> {
    if (this.asking || this.held) return;
    this.asking = true;
    this.trouble = null;
    try {
      const sheet = await this.browser.worksheet(file);
      sheet.track.contentHint = 'detail';
      this.held = { track: sheet.track, sheet, share: { state: 'preview', what: 'worksheet', preview: this.browser.preview(sheet.track), pages: { ...sheet.pages } } };
    } catch (error) {
      this.trouble = `worksheet_${error instanceof NotAWorksheet ? error.trouble : 'broken'}`;
    } finally {
      this.asking = false;
    }
    this.changed();
  }

  // To another page of the worksheet: in the preview for this person alone, afterwards for everyone.
  async turn(by: number): Promise<void> {
    const { held } = this;
    if (!held?.sheet) return;
    await held.sheet.turn(held.sheet.pages.at + by).catch(() => undefined); // a page that cannot be drawn: the one before stays
    if (this.held?.sheet !== held.sheet) return;
    this.held = { ...this.held, share: { ...this.held.share, pages: { ...held.sheet.pages } } };
    this.changed();
  }

  // Whole screens and pages of this service are looked at and not shown, where the browser says that it is one.
  start(over: boolean): void {
    if (this.held?.share.state !== 'preview' || neverShown.has(this.held.share.what)) return;
    this.to('asked');
    this.send({ type: 'share', sharing: true, ...(over && { over }) });
  }

  stop(): void {
    if (this.held && this.held.share.state !== 'preview') this.send({ type: 'share', sharing: false });
    this.letGo();
  }

  allow(seat: Seat, allowed: boolean): void {
    this.send({ type: 'allow-share', seat, allowed });
  }

  dismissTrouble(): void {
    this.trouble = null;
    this.changed();
  }

  // The room has taken what this person asked to show, or has not; or it says, after the line was gone, that nothing is shown.
  heard(message: ServerMessage, self: Seat | undefined): void {
    const ended = message.type === 'roster' && message.people.some((person) => person.seat === self && person.sharing !== true);
    if (ended && this.held?.share.state === 'on') return this.letGo();
    if (this.held?.share.state !== 'asked') return;
    if (message.type === 'welcome') this.to('preview'); // the question may have been lost with the line
    if (message.type === 'changed' && message.person.seat === self && message.person.sharing === true) this.to('on');
    if (message.type === 'refused' && message.what === 'share') this.to('preview');
  }

  wentUnsealed(): void {
    this.trouble = 'unsealed';
    this.stop();
  }

  // The room has ended it, or the call is over.
  letGo(): void {
    const { held } = this;
    if (!held) return;
    this.held = null;
    held.track.onended = null;
    held.track.stop();
    held.sheet?.close();
    this.changed();
  }

  private take(track: MediaStreamTrack): void {
    track.contentHint = 'detail';
    track.onended = () => {
      if (this.held?.track === track) this.stop(); // the tab was closed, or the browser's own button pressed
    };
    const surface = (track.getSettings() as { displaySurface?: string }).displaySurface ?? '';
    const what = isOurs(track) ? 'ours' : (surfaces[surface] ?? 'unknown');
    this.held = { track, sheet: null, share: { state: 'preview', what, preview: this.browser.preview(track), pages: null } };
  }

  private to(state: OwnShare['state']): void {
    if (!this.held) return;
    this.held = { ...this.held, share: { ...this.held.share, state } };
    this.changed();
  }
}
