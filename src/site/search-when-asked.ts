/**
 * Replaces `@pagefind/default-ui`, which Starlight's search loads on every page (21 KB): the real one is loaded when the reader is about to
 * search. `astro.config.mjs` gives Starlight this module under that name.
 */

/** Has the interface of the real class, as far as Starlight's search uses it. */
export class PagefindUI {
  constructor(options: { element: string }) {
    const search = document.querySelector(options.element)?.closest('site-search')
    const open = search?.querySelector('[data-open-modal]')
    let loading: Promise<void> | undefined
    const load = () => {
      loading ??= import('@pagefind/default-ui/npm_dist/mjs/ui-core.mjs').then((real) => {
        new real.PagefindUI(options)
        // A reader who has opened the dialog meanwhile wants to type.
        if (search?.querySelector('dialog')?.open) search.querySelector('input')?.focus()
      })
    }
    for (const type of ['pointerenter', 'focus', 'click']) open?.addEventListener(type, load)
    if (search?.querySelector('dialog')?.open) load()
    window.addEventListener('keydown', (event) => {
      if ((event.metaKey || event.ctrlKey) && event.key === 'k') load()
    })
  }
}
