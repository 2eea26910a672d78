// SPDX-License-Identifier: Apache-2.0
// A person's moving picture, and what stands in its place when there is none. Sound is played by the call engine, never
// here: every <video> is silent.
import { useEffect, useRef } from 'react';
import { initialsOf } from './person_words';

export function Picture({ stream, mirrored }: { stream: MediaStream; mirrored?: boolean }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    element.muted = true;
    if (element.srcObject !== stream) element.srcObject = stream;
    void element.play().catch(() => undefined); // refused until a first tap: the attribute autoPlay takes over then
  }, [stream]);
  return <video ref={video} className={mirrored ? 'picture picture--mirrored' : 'picture'} autoPlay playsInline muted aria-hidden="true" />;
}

export function Avatar({ name, tint }: { name: string; tint: number }) {
  return (
    <span className={`avatar avatar--${tint}`} aria-hidden="true">
      {initialsOf(name)}
    </span>
  );
}
