// SPDX-License-Identifier: Apache-2.0
// The whiteboard as everyone sees it, large, with the people beside it: the surface and its few buttons. Who may draw is said; who may
// not sees no buttons. Not here: the surface itself (board_canvas.ts, fetched when it is needed), the rules (call/board.ts).
import { useEffect, useId, useRef, useState } from 'react';
import { hasPlace } from '../../call/board';
import { type Ink, inks } from '../../call/board_form';
import type { Board, CallSession, CallState } from '../../call/model';
import { t } from '../../texts/text';
import { Button } from '../button';
import { Dialog } from '../dialog';
import type { BoardCanvas, BoardUse } from './board_canvas';

type Tool = 'pen' | 'rubber';

// In pixels of the page: the board, and two rows of buttons under it.
export const boardHeightFor = (width: number): number => (width * 9) / 16 + 112;

function useCanvas(session: CallSession, board: Board, { tool, ink, rubs }: BoardUse) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<BoardCanvas | null>(null);
  const [state, setState] = useState<'coming' | 'there' | 'failed'>('coming');
  useEffect(() => {
    let gone = false;
    import('./board_canvas').then(
      (part) => {
        if (gone || !box.current) return;
        canvas.current = new part.BoardCanvas(box.current, { drew: (mark) => session.board.draw(mark), rubbed: (ids) => session.board.rubOut(ids) });
        setState('there');
      },
      () => setState('failed'),
    );
    return () => {
      gone = true;
      canvas.current?.close();
      canvas.current = null;
    };
  }, [session]);
  useEffect(() => canvas.current?.show(board.marks), [board.marks, state]);
  useEffect(() => canvas.current?.useFor({ tool, ink, rubs }), [tool, ink, rubs, state]);
  return { box, state };
}

interface ToolsProps {
  tool: Tool;
  ink: Ink;
  onPen: (ink: Ink) => void;
  onRubber: () => void;
  onUndo: (() => void) | null;
}

function Tools({ tool, ink, onPen, onRubber, onUndo }: ToolsProps) {
  const about = useId();
  return (
    <>
      <div className="board__tools board__inks" role="group" aria-label={t('board.tools')} aria-describedby={`${about}-keys`}>
        {inks.map((one) => (
          <Button key={one} small pressed={tool === 'pen' && ink === one} onClick={() => onPen(one)}>
            <span className={`board__ink board__ink--${one}`} aria-hidden="true" />
            {t(`board.ink.${one}`)}
          </Button>
        ))}
        <span id={`${about}-keys`} className="visually-hidden">
          {t('board.keyboard')}
        </span>
      </div>
      <div className="board__tools">
        <Button small pressed={tool === 'rubber'} onClick={onRubber}>
          {t('board.rubber')}
        </Button>
        <Button small disabled={!onUndo} describedBy={`${about}-undo`} onClick={onUndo ?? undefined}>
          {t('board.undo')}
        </Button>
        <span id={`${about}-undo`} hidden>
          {t('board.undo_help')}
        </span>
      </div>
    </>
  );
}

function LeadTools({ session, board }: { session: CallSession; board: Board }) {
  const [asking, setAsking] = useState<'clear' | 'close' | null>(null);
  const [open, setOpen] = useState(false); // on a small screen, where they stand behind one button
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (open) box.current?.scrollIntoView({ block: 'nearest' });
  }, [open]);
  const bare = board.marks.length === 0;
  const done = (): void => {
    setAsking(null);
    if (asking === 'clear') session.board.rubOut();
    else session.board.close();
  };
  return (
    <div className={`board__tools board__lead${open ? ' board__lead--open' : ''}`} role="group" aria-label={t('board.lead')} ref={box}>
      <span className="board__fold">
        <Button small expanded={open} onClick={() => setOpen(!open)}>
          {t('board.lead')}
        </Button>
      </span>
      <Button small pressed={board.all} onClick={() => session.board.open(!board.all)}>
        {t('board.all')}
      </Button>
      <Button small onClick={() => setAsking('clear')}>
        {t('board.clear')}
      </Button>
      <Button small onClick={() => (bare ? session.board.close() : setAsking('close'))}>
        {t('board.close')}
      </Button>
      {asking && (
        <Dialog title={t(`board.${asking}.title`)} onClose={() => setAsking(null)} noClose>
          <p>{t(`board.${asking}.words`)}</p>
          <div className="button-row">
            <Button onClick={() => setAsking(null)}>{t('board.no')}</Button>
            <Button look="danger" onClick={done}>
              {t(`board.${asking}.yes`)}
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}

export function BoardStage({ session, state, board, mark }: { session: CallSession; state: CallState; board: Board; mark: string | null }) {
  const seat = state.self?.seat ?? 0;
  const leading = state.self?.mayModerate === true;
  const mayDraw = leading || board.all;
  const [tool, setTool] = useState<Tool>('pen');
  const [ink, setInk] = useState<Ink>('black');
  const full = mayDraw && !hasPlace(board.marks, { seat, leading });
  const { box, state: surface } = useCanvas(session, board, { tool: !mayDraw || (full && tool === 'pen') ? null : tool, ink, rubs: leading ? null : seat });
  const last = board.marks.findLast(({ by }) => by === seat);
  return (
    <figure className="board" aria-label={t('board.area')}>
      <div className="board__frame">
        <div className="board__surface" role="img" aria-label={t('board.picture', { count: board.marks.length })} data-board={board.marks.length} data-mark={mark ?? undefined} ref={box} />
      </div>
      <figcaption className="board__caption">
        <p role="status">{surface === 'coming' ? t('board.coming') : surface === 'failed' ? t('board.failed') : full ? t('board.full') : ''}</p>
        {surface === 'there' && !full && <p className={mayDraw ? 'board__known' : undefined}>{t(mayDraw ? 'board.may' : 'board.look')}</p>}
        {mayDraw && surface === 'there' && (
          <Tools
            tool={tool}
            ink={ink}
            onPen={(next) => {
              setTool('pen');
              setInk(next);
            }}
            onRubber={() => setTool('rubber')}
            onUndo={last ? () => session.board.rubOut([last.id]) : null}
          />
        )}
        {leading && <LeadTools session={session} board={board} />}
      </figcaption>
    </figure>
  );
}
