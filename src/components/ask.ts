/** A card (Ask.astro). Its button that begins a checkpoint dispatches `sw-open-task` on the document, with the task's name as detail. */
class AskCard extends HTMLElement {
  connectedCallback(): void {
    if (document.querySelector('sw-lab') === null) return
    // The lab draws the card anew when it is there: the button is another one then.
    this.addEventListener('click', ({ target }) => {
      if (!(target instanceof Element) || target.closest('[data-begin]') === null) return
      const detail = this.dataset['task'] ?? ''
      document.dispatchEvent(new CustomEvent<string>('sw-open-task', { bubbles: true, detail }))
    })
  }
}

customElements.define('sw-ask', AskCard)
