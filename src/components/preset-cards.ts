/**
 * The playground's cards (Playground.astro). A card that is pressed dispatches `sw-preset` on the document; `sw-preset-begun` tells which
 * preset has begun.
 */
const cards = [...document.querySelectorAll<HTMLElement>('[data-preset]')]
const asked = document.querySelector<HTMLElement>('[data-asked]')

for (const card of cards)
  card.addEventListener('click', () => {
    document.dispatchEvent(new CustomEvent('sw-preset', { detail: card.dataset['preset'] }))
  })

document.addEventListener('sw-preset-begun', (event) => {
  const { detail } = event as CustomEvent<string | undefined>
  const begun = cards.find((card) => card.dataset['preset'] === detail)
  for (const card of cards) card.setAttribute('aria-pressed', String(card === begun))
  if (asked !== null) asked.textContent = begun?.querySelector('span')?.textContent ?? ''
  // Only sideways: the reader may be further down.
  const row = begun?.parentElement
  if (begun !== undefined && row != null) row.scrollTo({ left: begun.offsetLeft - row.offsetLeft - 16 })
})
