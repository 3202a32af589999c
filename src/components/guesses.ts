/** Shows the reader's guesses in Policies.astro beside the results. Without JavaScript there is only the drawing. */
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

  /** Shows a guess; an empty field is none. */
  #tell(name: string, value: string): void {
    const place = this.querySelector<HTMLElement>(`[data-guess="${name}"]`)
    if (place === null) return
    place.hidden = value === ''
    place.textContent = (place.dataset['words'] ?? '').replace('{count}', value)
  }
}

customElements.define('sw-guesses', Guesses)
