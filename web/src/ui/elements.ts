// SPDX-License-Identifier: Apache-2.0
// For tests of what a component without hooks draws, without a page: its elements as it returns them. Not in the production bundle.
import { Children, isValidElement, type ReactElement, type ReactNode } from 'react';

type Props = Record<string, unknown> & { children?: ReactNode };

export const elementsIn = (node: ReactNode): ReactElement<Props>[] =>
  Children.toArray(node).flatMap((one) => (isValidElement<Props>(one) ? [one, ...elementsIn(one.props.children)] : []));

export const wordsOf = (node: ReactNode): string =>
  Children.toArray(node)
    .map((one) => (isValidElement<Props>(one) ? wordsOf(one.props.children) : String(one)))
    .join('');
