/**
 * Fetches the labs' code when a lab comes near the viewport, is focused, or is sent a command: a page whose lab
 * nobody reaches pays nothing for it. The page comes first: the code is fetched when its reader stirs, or when it has
 * been at rest for a while.
 */
const margin = '600px'
/** So long after the page has loaded a lab in sight comes by itself, in ms. */
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
}

/** What is sent before the lab is there waits for it and is sent again: a command, a question to open. */
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
