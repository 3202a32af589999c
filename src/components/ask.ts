/** A card (Ask.astro). Its button that begins a checkpoint dispatches `sw-open-task` on the document, with the task's name as detail. */
class AskCard extends HTMLElement {
  connectedCallback(): void {
    if (document.querySelector('sw-lab') === null) return
    // The lab renders the card again when it has loaded: then it is another button.
    this.addEventListener('click', ({ target }) => {
      if (!(target instanceof Element) || target.closest('[data-begin]') === null) return
      const detail = this.dataset['task'] ?? ''
      document.dispatchEvent(new CustomEvent<string>('sw-open-task', { bubbles: true, detail }))
    })
  }
}

customElements.define('sw-ask', AskCard)
