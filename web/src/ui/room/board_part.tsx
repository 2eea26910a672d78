// SPDX-License-Identifier: Apache-2.0
// The whiteboard as everyone sees it, large, with the people beside it: the surface and its few buttons. Who may draw is said; who may
// not sees no buttons. Not here: the surface itself (board_canvas.ts, fetched when it is needed), the rules (call/board.ts).
import { useEffect, useRef, useState } from 'react';
import type { Board, CallSession, CallState, Ink } from '../../call/model';
import { t } from '../../texts/text';
import { Button } from '../button';
import { nameOfSeat } from '../person_words';
import type { BoardCanvas } from './board_canvas';

const inks: readonly Ink[] = ['black', 'blue', 'red', 'green'];

function useCanvas(session: CallSession, board: Board, tool: 'pen' | 'rubber' | null, ink: Ink) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<BoardCanvas | null>(null);
  const [state, setState] = useState<'coming' | 'there' | 'failed'>('coming');
  useEffect(() => {
    let gone = false;
    import('./board_canvas').then(
      ({ openBoardCanvas }) => {
        if (gone || !box.current) return;
        canvas.current = openBoardCanvas(box.current, { drew: (mark) => session.board.draw(mark), rubbed: (ids) => session.board.rubOut(ids) });
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
  useEffect(() => canvas.current?.use(tool, ink), [tool, ink, state]);
  return { box, state };
}

export function BoardStage({ session, state, board, mark }: { session: CallSession; state: CallState; board: Board; mark: string | null }) {
  const own = state.self?.seat ?? 0;
  const leading = state.self?.mayModerate === true;
  const mayDraw = leading || board.all;
  const [tool, setTool] = useState<'pen' | 'rubber'>('pen');
  const [ink, setInk] = useState<Ink>('black');
  const [clearing, setClearing] = useState(false);
  const { box, state: surface } = useCanvas(session, board, mayDraw ? tool : null, ink);
  const mine = board.marks.filter(({ by }) => by === own);
  return (
    <figure className="shared board" aria-label={t('board.area', { name: nameOfSeat(state.people, board.by) })}>
      <div className="board__surface" data-board={board.marks.length} data-mark={mark ?? undefined} ref={box} />
      <figcaption className="shared__caption board__caption">
        <span role="status">{t(surface === 'coming' ? 'board.coming' : surface === 'failed' ? 'board.failed' : mayDraw ? 'board.may' : 'board.look')}</span>
        {mayDraw && surface === 'there' && (
          <div className="board__tools" role="group" aria-label={t('board.tools')}>
            {inks.map((one) => (
              <Button
                key={one}
                small
                pressed={tool === 'pen' && ink === one}
                onClick={() => {
                  setTool('pen');
                  setInk(one);
                }}
              >
                {t(`board.ink.${one}`)}
              </Button>
            ))}
            <Button small pressed={tool === 'rubber'} onClick={() => setTool('rubber')}>
              {t('board.rubber')}
            </Button>
            <Button small disabled={mine.length === 0} onClick={() => session.board.rubOut(mine.slice(-1).map(({ id }) => id))}>
              {t('board.undo')}
            </Button>
          </div>
        )}
        {leading && (
          <div className="board__tools" role="group" aria-label={t('board.lead')}>
            <Button small pressed={board.all} onClick={() => session.board.open(!board.all)}>
              {t('board.all')}
            </Button>
            {clearing ? (
              <Button
                small
                onClick={() => {
                  setClearing(false);
                  session.board.rubOut();
                }}
              >
                {t('board.clear_sure')}
              </Button>
            ) : (
              <Button small disabled={board.marks.length === 0} onClick={() => setClearing(true)}>
                {t('board.clear')}
              </Button>
            )}
            <Button small look="main" onClick={() => session.board.close()}>
              {t('board.close')}
            </Button>
          </div>
        )}
      </figcaption>
    </figure>
  );
}
