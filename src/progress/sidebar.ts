/** Shows how many tasks are done beside each chapter in the sidebar. */
import { lookUp } from '../../simulator/manager/look-up.ts'
import { onProgress, progress } from './index.ts'

class SidebarProgress extends HTMLElement {
  #end: (() => void) | undefined

  connectedCallback(): void {
    this.#draw()
    this.#end = onProgress(() => this.#draw())
  }

  disconnectedCallback(): void {
    this.#end?.()
  }

  #draw(): void {
    const tasks = JSON.parse(this.dataset['tasks'] ?? '{}') as Record<string, readonly string[]>
    const { done } = progress()
    for (const link of this.querySelectorAll<HTMLAnchorElement>('a[href]')) {
      const own = lookUp(tasks, link.getAttribute('href') ?? '') ?? []
      const count = own.filter((task) => Object.hasOwn(done, task)).length
      this.#mark(link, count, own.length)
    }
  }

  /** Shows the count, once a task is done. */
  #mark(link: HTMLAnchorElement, count: number, all: number): void {
    link.querySelector('.progress')?.remove()
    if (count === 0) return
    const mark = document.createElement('span')
    mark.className = 'progress'
    mark.textContent = count === all ? '✓' : `${count}/${all}`
    const label = (this.dataset['done'] ?? '')
      .replace('{done}', String(count))
      .replace('{count}', String(all))
    mark.setAttribute('role', 'img')
    mark.setAttribute('aria-label', label)
    mark.title = label
    link.append(mark)
  }
}

customElements.define('sw-sidebar-progress', SidebarProgress)
