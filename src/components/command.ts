/** What `<sw-command>` asks of a lab on the same page. */
export interface InsertCommand {
  readonly command: string
  readonly terminal: 'server' | 'client'
}

/** The buttons of Command.astro. They appear when this runs: without JavaScript there are none. */
class CommandBlock extends HTMLElement {
  connectedCallback(): void {
    const actions = this.querySelector<HTMLElement>('.actions')
    const copy = this.querySelector<HTMLButtonElement>('[data-copy]')
    const attempt = this.querySelector<HTMLButtonElement>('[data-try]')
    if (!actions || !copy) return
    actions.hidden = false
    copy.hidden = !('clipboard' in navigator)
    copy.addEventListener('click', () => void this.copy(copy))
    if (attempt && document.querySelector('sw-lab')) {
      attempt.hidden = false
      attempt.addEventListener('click', () => {
        this.insert()
      })
    }
  }

  private async copy(button: HTMLButtonElement): Promise<void> {
    const label = button.textContent
    await navigator.clipboard.writeText(this.querySelector('[data-run]')?.textContent ?? '')
    button.textContent = button.dataset['copied'] ?? label
    setTimeout(() => {
      button.textContent = label
    }, 1500)
  }

  private insert(): void {
    const detail: InsertCommand = {
      command: this.dataset['insert'] ?? '',
      terminal: this.dataset['terminal'] === 'client' ? 'client' : 'server',
    }
    document.dispatchEvent(new CustomEvent<InsertCommand>('sw-insert-command', { bubbles: true, detail }))
  }
}

customElements.define('sw-command', CommandBlock)
