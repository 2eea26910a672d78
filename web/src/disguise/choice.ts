// SPDX-License-Identifier: Apache-2.0
// What a person may choose to be seen and heard as, and what each choice needs. Pure. Not here: how it is made (picture.ts,
// voice.ts), when (call/devices.ts). Invariant: what draws a picture of its own opens no camera at all.
import { oneOf, type Reader, shape } from '../base/check';
import type { Devices, Disguise } from '../call/model';

export type PictureLook = Disguise['picture'];
export type VoiceLook = Disguise['voice'];

export const pictureLooks: readonly PictureLook[] = ['none', 'background', 'blur', 'pixelate', 'block', 'avatar'];
export const voiceLooks: readonly VoiceLook[] = ['none', 'lower', 'higher'];
export const asOneIs: Disguise = { picture: 'none', voice: 'none' };
export const disguiseReader: Reader<Disguise> = shape({
  picture: oneOf('none', 'background', 'blur', 'pixelate', 'block', 'avatar'),
  voice: oneOf('none', 'lower', 'higher'),
});

export const isDrawn = (look: PictureLook): look is 'block' | 'avatar' => look === 'block' || look === 'avatar';

// What others see of it now: until the person is found, or where they cannot be, a blurred background is a blur of everything.
export const seenAs = ({ picture, masking }: Devices['disguise']): PictureLook => (picture === 'background' && masking !== 'on' ? 'blur' : picture);

// As preparation writes it down (care/membership.h). "Camera stays off": if it is turned on all the same, others see a drawing
// until the person chooses to be seen.
export interface Agreed {
  picture: 'none' | 'blur' | 'pixelate' | 'block' | 'avatar' | 'off';
  voice: VoiceLook;
}
export const agreedReader: Reader<Agreed> = shape({
  picture: oneOf('none', 'blur', 'pixelate', 'block', 'avatar', 'off'),
  voice: oneOf('none', 'lower', 'higher'),
});
export const presetOf = (agreed: Agreed | null): Disguise =>
  agreed ? { picture: agreed.picture === 'off' ? 'avatar' : agreed.picture, voice: agreed.voice } : asOneIs;
