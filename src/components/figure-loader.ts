/**
 * Loads the figures' code when the pointer is over a figure, or it gets the focus or is pressed: a reader who only passes by does not load
 * it. What was pressed or moved meanwhile is done after loading.
 */
const code = import.meta.glob('../figures/sw-figure.ts')['../figures/sw-figure.ts']
let loading: Promise<unknown> | undefined
const load = (): Promise<unknown> => (loading ??= code?.() ?? Promise.resolve())

for (const figure of document.querySelectorAll<HTMLElement>('sw-figure')) {
  for (const sign of ['pointerenter', 'focusin'])
    figure.addEventListener(sign, () => void load(), { once: true })
  for (const type of ['click', 'input']) {
    figure.addEventListener(type, ({ target }) => {
      if (customElements.get('sw-figure') !== undefined || !(target instanceof Element)) return
      if (type === 'click' && target.closest('[data-play]') === null) return
      void load().then(() => target.dispatchEvent(new Event(type, { bubbles: true })))
    })
  }
}
