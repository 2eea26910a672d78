// SPDX-License-Identifier: Apache-2.0
// What a person would see to be wrong with a screen: sideways scrolling, text cut off, controls over one another, targets too
// small. Runs inside a page: uses nothing from outside itself.

export function faultsOnScreen(options: { target: number }): string[] {
  const faults: string[] = [];
  const root = document.documentElement;
  if (root.scrollWidth > window.innerWidth + 1) faults.push(`the page scrolls sideways: ${root.scrollWidth} px in ${window.innerWidth}`);
  const describe = (element: Element) =>
    `${element.tagName.toLowerCase()}${element.className && typeof element.className === 'string' ? `.${element.className.split(' ')[0]}` : ''} "${(element.textContent ?? '').trim().slice(0, 30)}"`;
  const shown = (element: Element): element is HTMLElement => {
    if (!(element instanceof HTMLElement) || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
    if (element.closest('.visually-hidden, .nhsuk-u-visually-hidden, .nhsuk-skip-link, [aria-hidden="true"], [inert]')) return false;
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1;
  };
  // Within a box that scrolls, and scrolled out of it.
  const scrolledAway = (element: Element, x: number, y: number): boolean => {
    for (let up = element.parentElement; up; up = up.parentElement) {
      if (!/auto|scroll|hidden/.test(getComputedStyle(up).overflowY)) continue;
      const box = up.getBoundingClientRect();
      if (x < box.left || x > box.right || y < box.top || y > box.bottom) return true;
    }
    return false;
  };
  // What lies over the page on purpose: only it is looked at.
  const top = [...document.querySelectorAll('dialog[open], .more')].pop();
  const scope: ParentNode = top ?? document;

  // Text that its own box cuts off without a way to scroll to it (an ellipsis is a choice that is allowed on names).
  for (const element of scope.querySelectorAll('button, p, h1, h2, h3, span, label, a, li')) {
    if (!shown(element) || element.children.length > 3) continue;
    const style = getComputedStyle(element);
    if (style.overflowX === 'visible' || style.textOverflow === 'ellipsis') continue;
    if (/auto|scroll/.test(style.overflowX)) continue;
    if (element.scrollWidth > element.clientWidth + 2 && element.clientWidth > 0) faults.push(`cut off: ${describe(element)}`);
  }

  // Things to press: large enough, on the screen's width, and not under another.
  const pressable = [...scope.querySelectorAll('button, a[href], select, input:not([type=hidden]), textarea, summary, [role=tab]')].filter(shown);
  for (const element of pressable) {
    const box = element.getBoundingClientRect();
    if (box.left < -1 || box.right > window.innerWidth + 1) {
      const scroller = element.closest('[class*="scroll"], [tabindex]');
      if (!scroller) faults.push(`beyond the side of the screen: ${describe(element)}`);
    }
    const inline = getComputedStyle(element).display === 'inline'; // links within a sentence are exempt (WCAG 2.5.8)
    const label = element instanceof HTMLInputElement ? element.labels?.[0] : null;
    // A control whose ::after is stretched over a positioned ancestor (a whole tile, say) is as large as that ancestor.
    const after = getComputedStyle(element, '::after');
    let stretched: Element | null = null;
    if (after.position === 'absolute' && after.content !== 'none' && getComputedStyle(element).position === 'static') {
      stretched = element.parentElement;
      while (stretched && getComputedStyle(stretched).position === 'static') stretched = stretched.parentElement;
    }
    const target = (label ?? stretched ?? element).getBoundingClientRect();
    if (!inline && (Math.max(box.height, target.height) < options.target - 0.5 || Math.max(box.width, target.width) < Math.min(options.target, 44) - 0.5))
      faults.push(`too small to press (${Math.round(box.width)} x ${Math.round(box.height)}): ${describe(element)}`);
    const x = box.left + box.width / 2;
    const y = box.top + box.height / 2;
    if (x < 0 || y < 0 || x >= window.innerWidth || y >= window.innerHeight || scrolledAway(element, x, y)) continue;
    const hit = document.elementFromPoint(x, y);
    if (hit && hit !== element && !element.contains(hit) && !hit.contains(element) && !label?.contains(hit)) {
      const sticky = hit.closest('nav, header, footer, [class*="bar"]');
      const scrollable = root.scrollHeight > window.innerHeight + 1 || element.closest('[class*="scroll"], [class*="panel"]');
      if (!(sticky && scrollable)) faults.push(`covered by ${describe(hit)}: ${describe(element)}`);
    }
  }
  return [...new Set(faults)];
}
