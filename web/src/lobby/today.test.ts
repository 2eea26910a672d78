// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { ArrivalQuestions } from '../api/arrival';
import { answersOf, faultFrom, faultsIn, firstOf, nothingSaid, placeOf, type Today } from './today';

const asked: ArrivalQuestions = { session: null, homeKnown: true, agreement: null };
const said: Today = { ...nothingSaid, alone: 'yes', headphones: 'yes', way: 'video', place: 'declined' };

describe('today’s questions', () => {
  it('choose nothing beforehand and ask for each answer', () => {
    expect(Object.keys(faultsIn(nothingSaid, asked)).sort()).toEqual(['alone', 'headphones', 'place', 'way']);
    expect(firstOf(faultsIn(nothingSaid, asked))).toBe('alone');
  });
  it('take "I would rather not say" as an answer', () => {
    expect(faultsIn(said, asked)).toEqual({});
    expect(placeOf(said)).toEqual({ kind: 'declined', text: '', ward: '' });
  });
  it('ask for the words that a place needs, and send those alone', () => {
    const hospital: Today = { ...said, place: 'hospital', hospital: ' Wexcombe General ', address: 'typed before' };
    expect(faultsIn(hospital, asked)).toEqual({ ward: 'today.fault.ward' });
    expect(placeOf({ ...hospital, ward: 'Ward 4' })).toEqual({ kind: 'hospital', text: 'Wexcombe General', ward: 'Ward 4' });
  });
  it('ask for the agreement where it is new to the person', () => {
    const agreement = { number: 2, text: { title: '', points: [], easy: [], changed: '' }, ask: true, again: true };
    expect(faultsIn(said, { ...asked, agreement })).toEqual({ agreed: 'today.fault.agree' });
    expect(faultsIn({ ...said, agreed: true }, { ...asked, agreement })).toEqual({});
    expect(faultsIn(said, { ...asked, agreement: { ...agreement, ask: false } })).toEqual({});
  });
  it('tell facilitators of a carer as of someone who is near', () => {
    expect(answersOf({ ...said, alone: 'carer', headphones: 'no' })).toEqual({ alone: false, headphones: false, carer: true, way: 'video' });
  });
  it('show what the service found at the field that it is about', () => {
    expect(faultFrom('not-precise', 'address')).toEqual({ address: 'today.fault.address' });
    expect(faultFrom('no-address', 'home')).toEqual({ place: 'today.fault.no_address' });
  });
});
