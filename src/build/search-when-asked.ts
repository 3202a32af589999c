import type { Plugin } from 'vite'

/** When Starlight's search loads its interface (21 KB): in the page's first idle moment. */
const IDLE = 'const onIdle = window.requestIdleCallback || ((cb) => setTimeout(cb, 1));'

/** When ours does: when somebody is about to search. What was opened meanwhile gets the keyboard. */
const ASKED = `const onIdle = (load) => {
  let loading;
  const begin = () => {
    loading ??= Promise.resolve(load()).then(() => {
      if (dialog.open) this.querySelector('input')?.focus();
    });
  };
  for (const type of ['pointerenter', 'focus', 'click']) openBtn.addEventListener(type, begin);
  window.addEventListener('keydown', (e) => {
    if ((e.metaKey || e.ctrlKey) && e.key === 'k') begin();
  });
};`

/**
 * Starlight's search loads when it is about to be used, not on every page: most readers of a page never search.
 *
 * @throws Error at build when Starlight's search is no longer written so.
 */
export function searchWhenAsked(): Plugin {
  return {
    name: 'search-when-asked',
    enforce: 'pre',
    transform(code, id) {
      if (!/starlight.*Search\.astro\?.*type=script/.test(id)) return
      if (!code.includes(IDLE))
        throw new Error(`Starlight's search loads in another way than ${import.meta.filename} knows.`)
      return { code: code.replace(IDLE, ASKED), map: null }
    },
  }
}
