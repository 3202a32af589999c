import { html, type TemplateResult } from 'lit'

/** A skip link: moves the focus past what follows, to the target. */
export function skip(text: string, target: () => Element | null): TemplateResult {
  const go = (): void => {
    const next = target()
    if (!(next instanceof HTMLElement)) return
    next.tabIndex = -1
    next.focus()
  }
  return html`<button class="skip" @click=${go}>${text}</button>`
}

/** The next element, except scripts. */
export function after(element: Element): Element | null {
  let next = element.nextElementSibling
  while (next?.tagName === 'SCRIPT') next = next.nextElementSibling
  return next
}
