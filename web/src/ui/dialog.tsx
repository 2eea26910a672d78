// SPDX-License-Identifier: Apache-2.0
// A question or a few words over the page, as the browser's own <dialog>: it keeps the focus inside, closes with Escape and
// gives the focus back to where it was. Not for what happens to people by itself: that is said in the page (notices).
import type { ReactNode } from 'react';
import { useEffect, useId, useRef } from 'react';
import { t } from '../texts/text';
import { Button } from './button';

interface DialogProps {
  title: ReactNode;
  children: ReactNode;
  onClose: () => void;
  closeWords?: string;
  noClose?: boolean; // where the dialog's own buttons close it
  wide?: boolean;
}

let origin: Element | null = null; // where the focus was before the dialogs that are open now

export function Dialog({ title, children, onClose, closeWords, noClose, wide }: DialogProps) {
  const box = useRef<HTMLDialogElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  const id = useId();
  useEffect(() => {
    // A question that takes the place of a dialog goes back to where that one came from.
    const active = document.activeElement;
    const from = active === document.body || active?.closest('dialog') ? origin : active;
    origin = from;
    const dialog = box.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => {
      if (dialog?.open) dialog.close();
      // Later, when what was asked has happened: the place it came from may be gone, then the page's heading is next.
      setTimeout(() => {
        if (document.querySelector('dialog[open]')) return;
        origin = null;
        if (document.activeElement !== document.body && document.activeElement !== null) return;
        const stays = from instanceof HTMLElement && from.isConnected && from !== document.body;
        (stays ? from : document.querySelector<HTMLElement>('main h1'))?.focus();
      }, 0);
    };
  }, []);
  return (
    <dialog
      ref={box}
      className={wide ? 'dialog dialog--wide' : 'dialog'}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        close.current();
      }}
    >
      <div className="dialog__inner">
        <h2 id={id} className="dialog__title" tabIndex={-1}>
          {title}
        </h2>
        {children}
        {!noClose && (
          <div className="button-row">
            <Button onClick={onClose}>{closeWords ?? t('close')}</Button>
          </div>
        )}
      </div>
    </dialog>
  );
}

interface ConfirmProps {
  title: ReactNode;
  children: ReactNode;
  yes: string;
  no: string;
  danger?: boolean;
  onYes: () => void;
  onNo: () => void;
}

// The way back comes first in the order of the keyboard: Enter by mistake changes nothing.
export function Confirm({ title, children, yes, no, danger, onYes, onNo }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onNo} noClose>
      {children}
      <div className="button-row">
        <Button onClick={onNo}>{no}</Button>
        <Button look={danger ? 'danger' : 'main'} onClick={onYes}>
          {yes}
        </Button>
      </div>
    </Dialog>
  );
}
