/**
 * Fetches the labs' code when a lab comes near the viewport, is focused, or is sent a command: a page whose lab
 * nobody reaches pays nothing for it.
 */
const margin = '600px'
const lab = import.meta.glob('../lab/index.ts')['../lab/index.ts']
let loading: Promise<unknown> | undefined

function load(): Promise<unknown> {
  loading ??= lab?.() ?? Promise.resolve()
  return loading
}

const near = new IntersectionObserver(
  (entries) => {
    if (entries.some((entry) => entry.isIntersecting)) void load()
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
