/**
 * Loads the labs' code when a lab comes near the viewport, gets the focus, or is sent a command: a page whose lab is never reached does not
 * load it. For a lab that is in view from the beginning it waits for the reader's first input, or until the page has been idle.
 */
const margin = '600px'
/** How long after the page's load a visible lab is loaded without any input, in ms. */
const REST = 4000
const SIGNS = ['pointermove', 'pointerdown', 'touchstart', 'keydown', 'wheel', 'scroll']
const lab = import.meta.glob('../lab/index.ts')['../lab/index.ts']
let loading: Promise<unknown> | undefined

function load(): Promise<unknown> {
  loading ??= lab?.() ?? Promise.resolve()
  return loading
}

const rested = new Promise<void>((resolve) => {
  const stir = (): void => {
    for (const sign of SIGNS) removeEventListener(sign, stir)
    resolve()
  }
  for (const sign of SIGNS) addEventListener(sign, stir, { passive: true })
  const wait = (): void => void setTimeout(stir, REST)
  if (document.readyState === 'complete') wait()
  else addEventListener('load', wait, { once: true })
})

const near = new IntersectionObserver(
  (entries) => {
    if (entries.some((entry) => entry.isIntersecting)) void rested.then(load)
  },
  { rootMargin: margin },
)

for (const element of document.querySelectorAll('sw-lab')) {
  near.observe(element)
  element.addEventListener('focusin', () => void load(), { once: true })
  // The bar opens at once, and shows the lab when its code has loaded.
  element.querySelector('[data-dock-open]')?.addEventListener('click', () => {
    document.documentElement.dataset['dock'] = matchMedia('(min-width: 87.5rem)').matches ? 'here' : 'open'
    void load()
  })
}

/** Events for a lab that has not loaded yet are kept and dispatched again: commands to run, tasks to open. */
for (const type of ['sw-insert-command', 'sw-open-task']) {
  document.addEventListener(type, (event) => {
    if (customElements.get('sw-lab')) return
    event.stopImmediatePropagation()
    const { detail } = event as CustomEvent<unknown>
    void load()
      .then(() => customElements.whenDefined('sw-lab'))
      .then(() => document.dispatchEvent(new CustomEvent(type, { bubbles: true, detail })))
  })
}
