// SPDX-License-Identifier: Apache-2.0
// One person as the group sees them: picture or initials, the name underneath, and what is true of them as marks with words.
// The whole tile is one button (its name) that opens what can be done. Nothing is drawn over the middle of the picture but
// the watermark that a group's plan asks for.
import { memo } from 'react';
import type { Person } from '../../call/model';
import { t, type TextKey } from '../../texts/text';
import { Icon, type IconName } from '../icon';
import { asideShort, asideWords, nameOf, tintOf } from '../person_words';
import { Avatar, Picture } from '../picture';

interface Mark {
  icon: IconName;
  words: string;
  short?: string;
  look?: 'hand' | 'help';
}

const reactionIcons: Record<NonNullable<Person['reaction']>['name'], IconName> = {
  heart: 'heart',
  thanks: 'thanks',
  agree: 'agree',
  'with-you': 'with_you',
  pause: 'pause',
};

const marksOf = (person: Person): Mark[] => {
  const marks: Mark[] = [];
  if (person.hand !== null) {
    marks.push({ icon: 'hand', words: t('mark.hand', { place: person.hand }), short: String(person.hand), look: 'hand' });
  }
  // Their own picture stays in sight: it comes back by itself.
  if (person.cameraHeld && person.self) marks.push({ icon: 'line', words: t('mark.camera_held'), short: t('mark.camera_held_short') });
  if (person.clearView && !person.self) marks.push({ icon: 'eye', words: t('clear.mark'), short: t('clear.mark_short') });
  if (person.reaction) {
    const words = t(`reaction.${person.reaction.name}`);
    marks.push({ icon: reactionIcons[person.reaction.name], words: t('mark.reaction', { reaction: words }), short: words });
  }
  return marks;
};

const insteadOf = (person: Person): { icon: IconName; words: string; short: string } | null => {
  const of = (icon: IconName, words: TextKey, short: TextKey) => ({ icon, words: t(words), short: t(short) });
  if (person.away) return of('line_lost', 'mark.away', 'mark.away_short');
  if (person.aside) return { icon: 'people', words: asideWords(person), short: asideShort(person) };
  if (!person.keyed) return of('clock', 'mark.connecting', 'mark.connecting_short');
  if (person.privateNow) return of('not_private', 'mark.not_private', 'mark.not_private_short');
  return person.cameraHeld && !person.self ? of('line', 'mark.camera_held', 'mark.camera_held_short') : null;
};

interface TileProps {
  person: Person;
  speaking: boolean;
  turn: boolean;
  help: boolean;
  receiving: boolean; // false with "sound only"
  mark: string | null; // the watermark
  onOpen: (person: Person) => void;
}

function TileNow({ person, speaking, turn, help, receiving, mark, onOpen }: TileProps) {
  const name = nameOf(person);
  const instead = insteadOf(person);
  const clear = person.clearView && !person.self; // told to facilitators alone
  const picture = clear ? (person.clear ?? person.picture) : person.picture;
  const stream = instead === null && (receiving || person.self) && person.camera ? picture : null;
  const marks = marksOf(person);
  const look = ['tile', speaking && 'tile--speaking', turn && 'tile--turn', person.away && 'tile--away'];
  return (
    <div className={look.filter(Boolean).join(' ')}>
      <div className="tile__picture" data-seat={person.seat} data-source={clear ? 'clear_view' : undefined} data-mark={mark ?? undefined}>
        {stream ? <Picture stream={stream} mirrored={person.self} /> : <Avatar name={name} tint={tintOf(person)} />}
        {instead && (
          <p className="tile__instead">
            <Icon name={instead.icon} />
            <span className="visually-hidden">{instead.words}</span>
            <span className="tile__full" aria-hidden="true">
              {instead.words}
            </span>
            <span className="tile__short" aria-hidden="true">
              {instead.short}
            </span>
          </p>
        )}
        {marks.length > 0 && (
          <p className="tile__marks">
            {marks.map((mark) => (
              <span key={mark.words} className={`mark${mark.look ? ` mark--${mark.look}` : ''}`}>
                <Icon name={mark.icon} small />
                <span className="visually-hidden">{mark.words}</span>
                {mark.short && (
                  <span className="mark__short" aria-hidden="true">
                    {mark.short}
                  </span>
                )}
              </span>
            ))}
          </p>
        )}
        {help && <p className="tile__help">{t('mark.help')}</p>}
      </div>
      <div className="tile__caption">
        {!person.microphone && !person.away && (
          <span className="tile__silent">
            <Icon name="microphone_off" small />
            <span className="visually-hidden">{t(person.muted ? 'mark.muted' : 'mark.microphone_off')}</span>
          </span>
        )}
        <button type="button" className="tile__name" aria-haspopup="dialog" onClick={() => onOpen(person)}>
          <span className="tile__alias">{person.self ? t('person.you', { name }) : name}</span>
        </button>
        {person.role !== 'member' && <span className="tile__role">{t(`role.${person.role}`)}</span>}
        {!person.camera && !person.away && <span className="visually-hidden">{t('mark.camera_off')}</span>}
      </div>
    </div>
  );
}

export const Tile = memo(TileNow);
