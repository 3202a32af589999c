import { SwPlayground } from './sw-playground.ts'

customElements.define('sw-playground', SwPlayground)

declare global {
  interface HTMLElementTagNameMap {
    'sw-playground': SwPlayground
  }
}
