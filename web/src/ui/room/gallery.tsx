// SPDX-License-Identifier: Apache-2.0
// The group as equal tiles, with those a person has pinned larger beside them. Measures its space, lays the cells out by
// gallery_layout, and tells the call what is really on the screen, in device pixels.
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { CallSession, CallState, Person, Seat, TileView } from '../../call/model';
import { t } from '../../texts/text';
import { Button } from '../button';
import { custom } from '../custom_properties';
import { boardHeightFor, BoardStage } from './board_part';
import { areasFor, layoutFor, pagerHeight, pagesOf, pageSizeFor, settle, shownOf, type Space } from './gallery_layout';
import { Shared, whoShares } from './share_part';
import { Tile } from './tile';

const useSpace = () => {
  const box = useRef<HTMLDivElement>(null);
  const [space, setSpace] = useState<Space>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = () => setSpace({ width: element.clientWidth, height: element.clientHeight });
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { box, space };
};

const sizeOf = (element: HTMLElement, scale: number): { width: number; height: number } => {
  const { width, height } = element.getBoundingClientRect();
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
};

export const viewsIn = (root: ParentNode, pinned: readonly Seat[], scale: number): TileView[] => [
  ...[...root.querySelectorAll<HTMLElement>('[data-seat]')].map((element) => {
    const seat = Number(element.dataset['seat']);
    const clear = element.dataset['source'] === 'clear_view' ? ({ source: 'clear_view' } as const) : {};
    return { seat, ...sizeOf(element, scale), pinned: pinned.includes(seat), ...clear };
  }),
  // What is shown to everyone comes before every face, where a line cannot carry all.
  ...[...root.querySelectorAll<HTMLElement>('[data-share]')].map(
    (element): TileView => ({ seat: Number(element.dataset['share']), ...sizeOf(element, scale), pinned: true, source: 'screen' }),
  ),
];

interface GridProps {
  cells: readonly (Seat | null)[];
  space: Space;
  count: number; // tiles the size is computed for: a last page keeps the size of the others
  label: string;
  state: CallState;
  mark: string | null;
  onOpen: (person: Person) => void;
}

function Grid({ cells, space, count, label, state, mark, onOpen }: GridProps) {
  const layout = layoutFor(space, count);
  const turn = state.round?.seats[state.round.at];
  const style = custom({
    '--columns': layout.columns,
    '--tile-width': `${layout.width}px`,
    '--tile-height': `${layout.height}px`,
    '--caption': `${layout.caption}px`,
    '--area-width': `${Math.floor(space.width)}px`,
    '--area-height': `${Math.floor(space.height)}px`,
    '--gap': `${layout.gap}px`,
  });
  const size = layout.width < 96 || layout.height < 84 ? 'small' : layout.width < 180 || layout.height < 130 ? 'middle' : 'large';
  const classes = `tiles tiles--${size}${layout.scrolls ? ' tiles--scrolls' : ''}`;
  return (
    <ul className={classes} style={style} aria-label={label} tabIndex={layout.scrolls ? 0 : undefined}>
      {cells.map((seat, index) => {
        const person = seat === null ? undefined : state.people.find((one) => one.seat === seat);
        return person ? (
          <li key={person.seat}>
            <Tile
              person={person}
              speaking={state.speaker === person.seat}
              turn={turn === person.seat}
              help={state.helpAsked.includes(person.seat)}
              receiving={!state.soundOnly}
              mark={mark}
              onOpen={onOpen}
            />
          </li>
        ) : (
          <li key={`empty-${index}`} className="tiles__empty" aria-hidden="true" />
        );
      })}
    </ul>
  );
}

interface GalleryProps {
  session: CallSession;
  state: CallState;
  pins: readonly Seat[];
  selfHidden: boolean;
  mark: string | null; // the watermark
  onOpen: (person: Person) => void;
}

export function Gallery({ session, state, pins, selfHidden, mark, onOpen }: GalleryProps) {
  const { box, space } = useSpace();
  const [page, setPage] = useState(0);
  const kept = useRef<(Seat | null)[]>([]);
  // Within a private room only those who are there; the group sees everyone, and who is away from it.
  const apart = state.people.some((person) => person.self && person.room !== 'everyone');
  const sharer = whoShares(state);
  const clear = state.people.flatMap((person) => (person.clearView ? [person.seat] : [])).join();
  const board = state.people.some((person) => person.sharing) ? null : state.board; // what somebody shows is seen by everyone alike
  const onStage = sharer !== undefined || board !== null;
  const pinnedNow = onStage ? [] : pins; // what is shown takes the place of pins
  const { order, pinned } = shownOf(apart ? state.people.filter((person) => !person.aside) : state.people, pinnedNow, selfHidden);
  const size = pageSizeFor(space, order.length);
  const paged = order.length > size;
  const whole = paged ? { ...space, height: space.height - pagerHeight } : space;
  const { stage, rest, beside } = areasFor(whole, onStage ? 1 : pinned.length, order.length, board ? boardHeightFor(whole.width) : 0);
  const orderKey = order.join();
  const cells = useMemo(() => {
    kept.current = settle(kept.current, order, rest);
    return kept.current;
  }, [orderKey, rest.width, rest.height]);
  const pages = pagesOf(cells, size);
  const at = Math.min(page, pages.length - 1);
  const here = pages[at] ?? [];

  useEffect(() => {
    const scale = window.devicePixelRatio || 1;
    const shown = box.current && !state.soundOnly ? viewsIn(box.current, pinned, scale) : [];
    const self = state.self?.seat;
    session.showing(shown.filter((tile) => tile.seat !== self));
  }, [session, here.join(), pinned.join(), clear, whole.width, whole.height, sharer?.seat, state.soundOnly]);
  // Covered or paused: nothing is on the screen. At once, not after the next paint: a window that is in front again before that has
  // a new gallery, whose view must not be undone by the end of the old one.
  useLayoutEffect(() => () => session.showing([]), [session]);

  return (
    <section className="gallery" aria-label={t('gallery.group')}>
      <div ref={box} className={`gallery__space${beside ? ' gallery__space--beside' : ''}`}>
        {space.width > 0 && sharer && (
          <div className="gallery__shared" style={custom({ '--area-width': `${Math.floor(stage.width)}px`, '--area-height': `${Math.floor(stage.height)}px` })}>
            <Shared person={sharer} mark={mark} session={session} mayEnd={state.self?.mayModerate === true} />
          </div>
        )}
        {space.width > 0 && board && (
          <div className="gallery__shared gallery__shared--board" style={custom({ '--area-width': `${Math.floor(stage.width)}px`, '--area-height': `${Math.floor(stage.height)}px` })}>
            <BoardStage session={session} state={state} board={board} mark={mark} />
          </div>
        )}
        {space.width > 0 && pinned.length > 0 && (
          <Grid cells={pinned} space={stage} count={pinned.length} label={t('gallery.pinned')} state={state} mark={mark} onOpen={onOpen} />
        )}
        {space.width > 0 && order.length > 0 && (
          <Grid
            cells={here}
            space={rest}
            count={paged ? size : cells.length}
            label={t('gallery.people')}
            state={state}
            mark={mark}
            onOpen={onOpen}
          />
        )}
        {paged && (
          <nav className="gallery__pages" aria-label={t('gallery.pages')}>
            <Button small disabled={at === 0} onClick={() => setPage(at - 1)}>
              {t('gallery.before')}
            </Button>
            <span aria-live="polite">{t('gallery.page', { page: at + 1, pages: pages.length })}</span>
            <Button small disabled={at === pages.length - 1} onClick={() => setPage(at + 1)}>
              {t('gallery.after')}
            </Button>
          </nav>
        )}
      </div>
    </section>
  );
}
