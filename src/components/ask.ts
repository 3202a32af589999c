/** The button of Ask.astro. It dispatches `sw-open-task` on the document, detail: the task's name. */
class AskButton extends HTMLElement {
  connectedCallback(): void {
    const button = this.querySelector('button')
    if (button === null || document.querySelector('sw-lab') === null) return
    button.hidden = false
    button.addEventListener('click', () => {
      const detail = this.dataset['task'] ?? ''
      document.dispatchEvent(new CustomEvent<string>('sw-open-task', { bubbles: true, detail }))
    })
  }
}

customElements.define('sw-ask', AskButton)
