// SPDX-License-Identifier: Apache-2.0
// The one button of the pages, in nhsuk-frontend's classes. Not the library's own component: that one loads a script later
// and throws when the line drops. A toggle says its state to screen readers with aria-pressed and to the eye in words.
import type { ReactNode, Ref } from 'react';
import { Icon, type IconName } from './icon';

export interface ButtonProps {
  children: ReactNode;
  onClick?: () => void;
  look?: 'main' | 'quiet' | 'danger' | 'plain';
  icon?: IconName;
  small?: boolean;
  type?: 'button' | 'submit';
  disabled?: boolean;
  pressed?: boolean;
  expanded?: boolean;
  controls?: string;
  opens?: string; // the panel it opens, which gives the focus back here
  describedBy?: string;
  inner?: Ref<HTMLButtonElement>;
}

const looks = {
  main: 'nhsuk-button',
  quiet: 'nhsuk-button nhsuk-button--secondary',
  danger: 'nhsuk-button nhsuk-button--warning',
  plain: 'plain-button',
};

export function Button(props: ButtonProps) {
  const { look = 'quiet', small, icon } = props;
  return (
    <button
      type={props.type ?? 'button'}
      className={`${looks[look]}${small ? ' is-small' : ''}`}
      onClick={props.onClick}
      disabled={props.disabled}
      aria-pressed={props.pressed}
      aria-expanded={props.expanded}
      data-opens={props.opens}
      aria-controls={props.controls}
      aria-describedby={props.describedBy}
      ref={props.inner}
    >
      {icon && <Icon name={icon} />}
      <span>{props.children}</span>
    </button>
  );
}
