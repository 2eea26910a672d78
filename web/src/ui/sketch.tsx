// SPDX-License-Identifier: Apache-2.0
// The sketch entry: /sketch.html?state=room&people=10&open=panel&theme=dark&locale=long … draws that page with a made-up
// call. Not in the production bundle. sketch_states.ts lists the queries that are looked at.
import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { most } from '../call/board';
import { inks } from '../call/board_form';
import type { Arrival, BoardMark, BookingCard, CallState, ChatLine, Devices, DeviceTrouble, Disguise, Person, Role, Stage } from '../call/model';
import { isDrawn } from '../disguise/choice';
import { sketchCamera } from './sketch_camera';
import { EndedLinkPage, RefusedPage } from '../lobby/after_page';
import type { ArrivalDesk } from '../api/arrival';
import { CallPages } from '../lobby/call_pages';
import { OfflinePage, UnknownLinkPage } from '../lobby/join';
import { StartPage } from '../lobby/start_page';
import { long, rightToLeft } from '../texts/pseudo';
import { applyLocaleTo, setLocale } from '../texts/text';
import type { Tab } from './room/facilitator_panel';
import type { Opened } from './room/room';
import { emptyState, nameFor, people, SketchSession, waitingList, withMarks } from './sketch_session';
import type { Interruption } from './watch';
import type { Asking } from './ways_out';

const query = new URLSearchParams(location.search);
const ask = (name: string): string => query.get(name) ?? '';
const role = (ask('role') || 'member') as Role;
const leads = role === 'facilitator' || role === 'co_facilitator';

const agreement = {
  number: 2,
  text: {
    title: 'What we agreed',
    points: ['What is said here stays here.', 'We come on time, and say so when we cannot.', 'Nobody takes pictures or sound.'],
    easy: [{ symbol: 'lock', words: 'We keep what we hear to ourselves.' }, { symbol: 'clock', words: 'We come on time.' }, { symbol: 'camera', words: 'Nobody takes pictures.' }],
    changed: 'We added that nobody takes pictures.',
  },
  ask: ask('agreement') !== '',
  again: true,
};
const sketchDesk: ArrivalDesk = {
  questions: async () => ({ session: ask('beside') ? '00000000-0000-7000-8000-000000000001' : null, homeKnown: true, agreement }),
  savePlace: async () => 'saved',
  accept: async () => 'accepted',
  placesSaid: async () => [{ seat: 60, given: true }, { seat: 61, given: false }, { seat: 1, given: true }, { seat: 2, given: true }],
  beside: async () => ({
    kept: ask('beside') !== '',
    items: [
      { seat: 61, version: 1, supporter: null, alias: 'Teasel', planned: 'in_person', mode: 'in_person', outcome: 'attended', source: 'staff', here: true },
      { seat: 62, version: 1, supporter: null, alias: 'Bramble', planned: 'phone', mode: null, outcome: 'expected', source: 'plan', here: false },
      { seat: 63, version: 1, supporter: null, alias: 'Campion', planned: null, mode: null, outcome: 'expected', source: 'plan', here: false },
      { seat: 64, version: 1, supporter: null, alias: 'Yarrow', planned: 'phone', mode: 'phone', outcome: 'attended', source: 'staff', here: true },
      { seat: 65, version: 1, supporter: null, alias: 'Mallow', planned: 'video', mode: null, outcome: 'cancelled_by_person', source: 'staff', here: false },
      { seat: 1000, version: 0, supporter: 'interpreter', alias: 'Elm', planned: null, mode: null, outcome: 'expected', source: 'plan', here: false },
    ],
  }),
  markBeside: async () => 'unreachable',
  alerts: async () => (ask('beside') ? [{ seat: 3, alias: 'Willow', kind: 'drop_off', raisedAt: '2026-11-23T14:00:00Z', holder: '', mine: false }, { seat: 62, alias: 'Bramble', kind: 'help', raisedAt: '2026-11-23T14:05:00Z', holder: 'Sam Waterhouse', mine: false }] : []),
  raiseAlert: async () => 'raised',
  needs: async () => ({
    language: 'en',
    interpreter: 'bfi',
    needs: [
      { category: '001', code: '441092009', note: 'Reads lips: please speak one after another, with the light on your face.' },
      { category: '008', code: '', note: 'May need a break after 30 minutes.' },
    ],
    communication: 'Write names and times into the chat.',
  }),
  openPlace: async () => ({ given: true, kind: 'home', lines: ['1 Plain Street', 'Wexcombe', 'ZZ99 3AA'], saidAt: '2026-11-23T14:00:00Z' }),
};

// What a tile shows: made up, or (camera=device) what the browser's camera gives, by the product's own disguise.
const { paintedFace, disguisedFace, ownFace, told } = sketchCamera(ask('camera') === 'device');
const look = (ask('look') || 'none') as Disguise['picture'];
const voice = (ask('voice') || 'none') as Disguise['voice'];
const masking = (ask('masking') || 'off') as Devices['disguise']['masking'];

const chatLines = (kind: string, count: number): ChatLine[] => {
  const line = (index: number, rest: Partial<ChatLine>): ChatLine => ({
    id: `line-${index}`,
    at: Date.now() - (10 - index) * 60_000,
    from: (index % count) + 1,
    fromWaiting: null,
    to: 'everyone',
    text: '',
    own: false,
    state: 'sent',
    ...rest,
  });
  if (kind === 'backstage') {
    const to = { group: 'facilitators' } as const;
    return [line(1, { to, text: 'Willow has been quiet. Shall I ask how she is?' }), line(2, { to, own: true, text: 'Yes, gently. I will hold the round.' })];
  }
  if (kind === 'notes') {
    return [
      ...(leads ? [] : [line(0, { own: true, to: 'facilitators', text: 'I am a bit nervous today.' })]),
      line(1, { own: leads, to: { arrival: 100 }, text: 'Thank you for telling me. We start in five minutes.' }),
      ...(leads ? [line(2, { fromWaiting: 100, to: 'facilitators', text: 'My camera may stay off, is that fine?' })] : []),
    ];
  }
  if (kind !== 'talk') return [];
  return [
    line(0, { text: 'Welcome, everyone. We start with a short round.' }),
    line(1, { own: true, text: 'Thank you. It is good to be here.' }),
    line(2, { to: 'facilitators', own: true, text: 'I may need to leave ten minutes early, I hope that is all right with you both.' }),
    line(3, { text: 'I found this week hard, but the walking helped. A-very-long-word-without-any-space-that-must-still-break-somewhere-in-the-line.' }),
    line(4, { own: true, state: 'failed', text: 'The walking helped me too.' }),
    line(5, { own: true, state: 'sending', text: 'See you next week.' }),
  ];
};

const stageOf = (state: string): Stage => {
  const why = ask('why');
  switch (state) {
    case 'arrive':
      return { at: 'arriving' };
    case 'wait':
      return { at: 'waiting', movedBack: false };
    case 'moved':
      return { at: 'waiting', movedBack: true };
    case 'interrupted':
      return { at: 'waiting', movedBack: false, interrupted: true };
    case 'connecting':
      return { at: 'connecting' };
    case 'gone':
      return { at: 'gone', why: why as Extract<Stage, { at: 'gone' }>['why'] };
    case 'refused':
      return { at: 'refused', why: why as Extract<Stage, { at: 'refused' }>['why'] };
    default:
      return { at: 'present' };
  }
};

// As one of the two in a private room, or as one of the others.
const withAside = (list: Person[], how: string): Person[] =>
  how === 'in'
    ? list.map((one, index) => (one.self || index === (role === 'member' ? 0 : 1) ? { ...one, room: 'private:2' } : { ...one, aside: true }))
    : how === 'out'
      ? list.map((one, index) => (index === 0 || index === 2 ? { ...one, room: 'private:3', aside: true } : one))
      : how === 'small'
        ? list.map((one, index) => (index === 0 ? one : one.self ? { ...one, room: 'breakout:1' } : { ...one, room: `breakout:${1 + (index % 2)}`, aside: index % 2 === 1 || leads }))
        : how === 'small-out'
          ? list.map((one, index) => (index < 2 ? one : { ...one, room: `breakout:${1 + (index % 2)}`, aside: true }))
      : list;

const count = Number(ask('people') || '5');
const selfIndex = leads || count < 2 ? 0 : 1;

const crowd = (): CallState['people'] => {
  const plain = people(count, selfIndex, ask('names')).map((one, index) => (one.self ? { ...one, role } : ask('two') && index === 1 ? { ...one, role: 'co_facilitator' as const } : one));
  const apart = withAside(plain, ask('aside'));
  const marked = ask('marks') ? withMarks(apart) : apart;
  const cameras = ask('cameras');
  const on = ask('devices') === 'on';
  return marked.map((one, index) => {
    const camera = one.self ? on : cameras === 'all' || (cameras === 'some' && index % 3 !== 2);
    const keyed = one.self || (ask('protection') !== 'waiting' && !(ask('protection') === 'troubles' && index === 4));
    const shares = ask('share') === 'theirs' && index === (selfIndex === 0 ? 1 : 0);
    const shown = { sharing: shares || (one.self && ask('share') === 'on'), mayShare: one.self && ask('share') === 'allowed', screen: shares ? paintedPage() : null };
    const clearly = ask('clear') === 'theirs' && index === (selfIndex === 0 ? 1 : 0);
    const clear = { clearView: clearly || (one.self && ask('clear') === 'on'), clear: clearly ? disguisedFace(index, 'none') : null };
    // With a real camera the first of the others is shown what the person's own tile shows, as that other would see it.
    const same = one.self || (ask('camera') === 'device' && index === (selfIndex === 0 ? 1 : 0));
    return { ...one, ...shown, ...clear, keyed, camera, picture: camera ? (same ? ownFace(index, look) : disguisedFace(index, 'none')) : null, microphone: one.self ? on : one.microphone };
  });
};

// Something that somebody might show: words on paper.
const paintedPage = (): MediaStream => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 });
  const paint = canvas.getContext('2d');
  let at = 0;
  const draw = (): void => {
    if (!paint) return;
    paint.fillStyle = '#fff';
    paint.fillRect(0, 0, 1280, 720);
    paint.fillStyle = '#222';
    paint.font = '48px sans-serif';
    ['What helps when worry comes', '1. Notice it', '2. Name it', '3. Breathe out slowly', '4. Choose one small thing'].forEach((line, row) => paint.fillText(line, 90, 130 + row * 110));
    paint.fillRect(90 + (at++ % 8), 680, 8, 4); // so that frames come
  };
  draw();
  setInterval(draw, 200);
  return canvas.captureStream(5);
};

const shareFor = (kind: string): CallState['share'] => {
  const what = ({ preview: 'page', whole: 'screen', ours: 'ours', worksheet: 'worksheet' } as const)[kind];
  const pages = kind.startsWith('worksheet') ? { at: 2, count: 5 } : null;
  if (what) return { state: 'preview', what, preview: paintedPage(), pages };
  if (kind === 'worksheet-on') return { state: 'on', what: 'worksheet', preview: paintedPage(), pages };
  return kind === 'on' ? { state: 'on', what: 'page', preview: paintedPage(), pages } : null;
};

// Waves, one under the other.
const marksFor = (count: number): BoardMark[] =>
  Array.from({ length: count }, (_, n) => ({
    id: `mark-${n}`,
    by: n === 2 ? 2 : 1,
    ink: inks[(n + 1) % inks.length]!,
    points: Array.from({ length: 60 }, (_, i) => [300 + i * 33, 400 + Math.round((n * 900) / count) + Math.round(160 * Math.sin(i / 5))]).flat(),
  }));

const stateFor = (name: string): CallState => {
  const base = emptyState();
  const on = ask('devices') === 'on';
  const trouble = (ask('trouble') || null) as DeviceTrouble | null;
  const here = stageOf(name).at === 'present' ? crowd() : [];
  const crowdNow = name === 'paused-alone' ? here.map((one) => (one.role === 'facilitator' ? { ...one, away: true } : one)) : here;
  const notice = ask('notice');
  return {
    ...base,
    stage: stageOf(name),
    encryption: protectionFor(ask('protection'), base.encryption),
    self: { seat: selfIndex + 1, arrival: 9, role, mayAdmit: leads, mayModerate: leads, mayShare: leads },
    people: ask('weak') ? crowdNow.map((one) => (one.self || ask('weak') === 'held' ? { ...one, cameraHeld: ask('weak') === 'held' && one.camera && (one.self || one.seat % 2 === 0), line: 'poor' as const, carried: { pictures: 'none' as const, thinned: ask('weak') === 'thinned' ? [3, 5] : [] } } : one)) : crowdNow,
    speaker: crowdNow[3]?.seat ?? null,
    waiting: leads ? waitingList(Number(ask('waiting') || '0')) : [],
    locked: ask('locked') !== '',
    paused: name === 'paused' || ask('paused') ? { why: 'facilitator', by: 1 } : name === 'paused-alone' ? { why: 'no-facilitator', by: null } : null,
    askedToMute: notice === 'asked' ? 1 : null,
    mutedBy: notice === 'muted' ? 1 : null,
    needsGestureForSound: notice === 'tap',
    refusal: notice === 'refused' ? { what: 'admit', reason: 'locked', at: 1 } : null,
    serverClosing: notice === 'closing',
    chat: chatLines(ask('chat'), Math.max(1, count)),
    beside: ask('beside') === 'told' ? [{ seat: 61, way: 'in_person', alias: 'Teasel' }, { seat: 64, way: 'phone', alias: 'Yarrow' }] : null,
    helpAsked: ask('help') === 'gone' ? [61] : ask('help') ? [3] : [],
    round: ask('round') ? { seats: crowdNow.slice(1).map((one) => one.seat), at: 1 } : null,
    backstage: { on: ask('backstage') === 'own', talking: ask('backstage') ? [1, 2] : [] },
    breakouts: ask('aside').startsWith('small') ? { rooms: 2, endsAt: Date.now() + 372_000 } : null,
    board: ask('board') ? { by: 1, all: ask('board') !== 'look', marks: marksFor(ask('board') === 'full' ? most.marks : 3) } : null,
    timer: ask('timer') ? { lengthMs: 300_000, endsAt: null, leftMs: 272_000 } : null,
    share: shareFor(ask('share')),
    shareTrouble: ask('share') === 'trouble' ? 'refused' : null,
    soundOnly: ask('sound') !== '',
    data: { usedBytes: 84_000_000, bytesPerSecond: 38_000, saver: ask('saver') !== '' },
    privateNow: ask('private') !== '',
    connection: name === 'lost' || name === 'unsteady' ? { state: name, tries: 3, retryAt: null } : base.connection,
    lineCheck: ask('check') === 'done' ? { state: 'done', word: 'fair', roundTripMs: 60 } : base.lineCheck,
    devices: {
      ...base.devices,
      camera: { ...base.devices.camera, on, trouble, preview: on ? ownFace(1, look) : null, own: on && !isDrawn(look) ? ownFace(1, 'none') : null },
      disguise: { picture: look, voice, masking },
      microphone: { ...base.devices.microphone, on, trouble: trouble === 'vanished' ? null : trouble, level: on ? 0.55 : 0 },
    },
  };
};

const protectionFor = (kind: string, base: CallState['encryption']): CallState['encryption'] => {
  switch (kind) {
    case 'none':
      return { ...base, kind: 'none', state: 'waiting' };
    case 'waiting':
      return { ...base, state: 'waiting' };
    case 'hold':
      return { ...base, hold: { mine: leads } };
    case 'troubles':
      return {
        ...base,
        silent: leads ? [3, 4] : [],
        disputed: [3],
        unopened: [4],
        unsealed: leads ? [{ seat: 4, alias: 'Bram', what: 'camera', again: true }] : [],
        ask: leads ? [{ arrival: 77, seat: 5, role: 'member' }] : [],
        troubles: ['refused', 'unread', 'restarted'],
      };
    default:
      return base;
  }
};

const hour = (offset: number): string => new Date(Math.ceil((Date.now() + offset) / 900_000) * 900_000).toISOString();
const arrival: Arrival = {
  alias: nameFor(selfIndex, ask('names')),
  role,
  startsAt: hour(0),
  endsAt: hour(90 * 60_000),
  dutyNumber: '01632 960 123',
  demonstration: true,
  watermark: ask('watermark') !== '',
  blankOnBlur: ask('blurred') !== '',
  membersMayShare: ask('letshare') !== '',
  disguise: ask('agreed') ? { picture: ask('agreed') as 'blur', voice: 'lower' } : null,
};
const cards: BookingCard[] = [60, 61, 62].map((seat, index) => ({
  seat,
  alias: ['Sparrow', 'Hornbeam', 'Kestrel'][index] ?? '',
  role: index === 1 ? 'supporter' : 'member',
  disguise: index === 0 ? 'All blurred, own voice' : '',
  needs: index === 0 ? 'Hard of hearing: please speak one after another. May need a break after 30 minutes.' : '',
}));

const demo = {
  startsAt: hour(0),
  endsAt: hour(90 * 60_000),
  links: ['facilitator', 'co_facilitator', 'supporter', 'member', 'member'].map((one, index) => ({
    alias: nameFor(index, ''),
    role: one as Role,
    address: `/join#made-up-${index}`,
  })),
  own: [{ name: 'June', birthDate: '1971-03-12', postcode: 'M1 1AE', address: '/mine#made-up' }],
};

const pageFor = (name: string): ReactNode => {
  if (name === 'start') return <StartPage known={null} />;
  if (name === 'demo') return <StartPage known={demo} />;
  if (name === 'link') return <UnknownLinkPage />;
  if (name === 'offline') return <OfflinePage onAgain={() => undefined} />;
  if (name === 'over') return <EndedLinkPage onAgain={() => undefined} />;
  if (name === 'too-old') return <RefusedPage why="too-old-browser" dutyNumber={null} />;
  const session = new SketchSession(stateFor(name), () => paintedFace(0));
  Object.assign(window, { sketch: session });
  told((masking) => session.change({ devices: { ...session.state.devices, disguise: { ...session.state.devices.disguise, masking } } }));
  const start = {
    opened: (ask('open') || null) as Opened,
    asking: (ask('asking') || null) as Asking,
    pins: ask('pins') ? [2, 5].slice(0, Number(ask('pins'))) : [],
    selfHidden: ask('hidden') !== '',
    interrupted: (ask('interrupted') || null) as Interruption | null,
    ...(ask('tab') ? { tab: ask('tab') as Tab } : {}),
  };
  return <CallPages session={session} arrival={arrival} cards={cards} desk={sketchDesk} onComeBack={() => session.change({ stage: { at: 'arriving' } })} start={start} />;
};

const locale = ask('locale');
if (locale === 'long') setLocale(long);
if (locale === 'rtl') setLocale(rightToLeft);
applyLocaleTo(document.documentElement);
const theme = ask('theme');
if (theme) document.documentElement.dataset['theme'] = theme;
const root = document.getElementById('app');
if (root && ask('state') === 'staff') void import('../staff/sketch').then(({ drawSketch }) => drawSketch(root, query));
else if (root) createRoot(root).render(pageFor(ask('state') || 'start'));
if (ask('blurred')) setTimeout(() => dispatchEvent(new Event('blur')), 100);
