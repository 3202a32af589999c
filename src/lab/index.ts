import { SwLab } from './sw-lab.ts'

customElements.define('sw-lab', SwLab)

declare global {
  interface HTMLElementTagNameMap {
    'sw-lab': SwLab
  }
}
