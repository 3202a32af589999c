import address from '@xterm/xterm/css/xterm.css?url'
import { html, type TemplateResult } from 'lit'

/** The emulator's style sheet, for the element's root. */
export function screenStyle(): TemplateResult {
  return html`<link rel="stylesheet" href=${address} />`
}

/**
 * Waits for the style sheet in `root`: a screen that opens before it is loaded measures itself wrongly.
 * @throws Error when it cannot be loaded.
 */
export async function screenStyleLoaded(root: ParentNode): Promise<void> {
  const style = root.querySelector('link')
  if (style?.sheet != null) return
  await new Promise((resolve, reject) => {
    style?.addEventListener('load', resolve)
    style?.addEventListener('error', () => reject(new Error(`${address} could not be loaded`)))
  })
}
