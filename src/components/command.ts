import type { InsertCommand } from '../machine-view/terminal/insert-command.ts'

/** The buttons of Command.astro. Without JavaScript there are none. */
class CommandBlock extends HTMLElement {
  connectedCallback(): void {
    const actions = this.querySelector<HTMLElement>('.actions')
    const copy = this.querySelector<HTMLButtonElement>('[data-copy]')
    const attempt = this.querySelector<HTMLButtonElement>('[data-try]')
    if (!actions || !copy) return
    this.fromHere()
    actions.hidden = false
    copy.hidden = !('clipboard' in navigator)
    copy.addEventListener('click', () => void this.copy(copy))
    if (attempt && document.querySelector('sw-lab')) {
      attempt.hidden = false
      attempt.addEventListener('click', () => {
        this.insert(attempt)
      })
    }
  }

  /** Takes the command from this site where its address can be trusted: over HTTPS, or from this machine. */
  private fromHere(): void {
    const { packed } = this.dataset
    const run = this.querySelector('[data-run]')
    if (packed === undefined || run === null || !isSecureContext) return
    const { href } = new URL(packed, location.href)
    run.textContent = run.textContent.replace('npx server-workers', `npx ${href}`)
  }

  private async copy(button: HTMLButtonElement): Promise<void> {
    const label = button.textContent
    await navigator.clipboard.writeText(this.querySelector('[data-run]')?.textContent ?? '')
    button.textContent = button.dataset['copied'] ?? label
    setTimeout(() => {
      button.textContent = label
    }, 1500)
  }

  private insert(from: HTMLElement): void {
    const command = this.dataset['insert'] ?? ''
    const detail: InsertCommand = {
      command,
      terminal: this.dataset['terminal'] === 'client' ? 'client' : 'server',
      // A command that ends in a space is for the reader to finish.
      runs: !command.endsWith(' '),
      from,
    }
    document.dispatchEvent(new CustomEvent<InsertCommand>('sw-insert-command', { bubbles: true, detail }))
  }
}

customElements.define('sw-command', CommandBlock)
