/** The button of a checkpoint (Ask.astro): it dispatches `sw-open-task` on the document with the task's name as detail. */
class AskButton extends HTMLElement {
  connectedCallback(): void {
    const button = this.querySelector<HTMLButtonElement>(':scope > button')
    if (button === null || document.querySelector('sw-lab') === null) return
    button.addEventListener('click', () => {
      const detail = this.dataset['task'] ?? ''
      document.dispatchEvent(new CustomEvent<string>('sw-open-task', { bubbles: true, detail }))
    })
  }
}

customElements.define('sw-ask', AskButton)
