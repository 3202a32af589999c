/** The guesses of Policies.astro: they appear beside what came of it. Without JavaScript only the drawing is there. */
class Guesses extends HTMLElement {
  connectedCallback(): void {
    const form = this.querySelector('form')
    const details = this.querySelector('details')
    if (form === null || details === null) return
    form.hidden = false
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      for (const [name, value] of new FormData(form)) this.#tell(name, typeof value === 'string' ? value : '')
      details.open = true
      details.querySelector('summary')?.focus()
    })
  }

  /** An empty field is no guess. */
  #tell(name: string, value: string): void {
    const place = this.querySelector<HTMLElement>(`[data-guess="${name}"]`)
    if (place === null) return
    place.hidden = value === ''
    place.textContent = (place.dataset['words'] ?? '').replace('{count}', value)
  }
}

customElements.define('sw-guesses', Guesses)
