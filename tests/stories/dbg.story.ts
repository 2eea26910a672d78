import { test } from 'vitest';
import { Group } from '../people/group.ts';
test('dbg', async () => {
  const group = await Group.open();
  const a = await group.person(group.indexOf('facilitator'));
  const b = await group.person(group.indexOf('member', 0));
  for (const p of [a, b]) { await p.driver.beforeScripts(() => localStorage.setItem('quietroomProbe', '1')); p.page.on('console', (m) => console.log(p.alias, m.text())); p.page.on('pageerror', (e) => console.log(p.alias, String(e))); p.page.on('worker', (w) => console.log(p.alias, 'worker', w.url())); }
  await a.arrive('camera', 'microphone'); await a.isInRoom();
  await b.arrive('camera', 'microphone'); await a.admits(b); await b.isInRoom();
  for (let i = 0; i < 5; i += 1) {
    await new Promise((r) => setTimeout(r, 3000));
    for (const p of [a, b]) console.log(p.alias, JSON.stringify(await p.page.evaluate(async () => {
      const s = window.quietroomSession as any;
      const lines = await Promise.race([s.frames.figures(), new Promise((r) => setTimeout(() => r('none'), 1000))]);
      return { view: s.encryption.view, works: s.encryption.works, lines: Array.isArray(lines) ? lines.map((l: any) => ({ ...l, slices: undefined })).filter((l: any) => l.frames + l.unsealed + l.refused + l.dropped > 0) : lines, disputed: s.slots.disputed(), room: { keyed: s.room.keyed, carries: s.room.carries, cut: s.cut, held: s.held, conn: s.state.connection }, people: s.state.people.map((x: any) => [x.seat, x.keyed, !!x.picture, x.camera]) };
    })));
  }
  await group.close();
});
