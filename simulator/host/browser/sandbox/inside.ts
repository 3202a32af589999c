/** What a script that runs in the sandbox's worker begins with. */

/** Globals with which an application would leave its process: workers of its own, and more scripts. */
const withheld = ['Worker', 'SharedWorker', 'importScripts']

/** Takes away what an application in the sandbox must not have. Network and storage are refused by the frame itself. */
export function withhold(): void {
  for (const name of withheld) {
    Object.defineProperty(globalThis, name, { value: undefined, writable: false, configurable: false })
  }
}

/** The channel that the page handed to this worker. Call it at once, before anything is awaited. */
export function portFromPage(): Promise<MessagePort> {
  return new Promise((given) => {
    addEventListener(
      'message',
      (event) => {
        // Not for the application: it could answer in this script's name.
        event.stopImmediatePropagation()
        const [port] = event.ports
        if (port) given(port)
      },
      { once: true },
    )
  })
}

/**
 * Imports the text of one file as an ES module. A relative or absolute import inside it is refused by the browser.
 * `told` gets the address under which the text runs, as it stands in stacks.
 * @throws what the module throws, or a SyntaxError.
 */
export async function importText(
  text: string,
  told?: (address: string) => void,
): Promise<Record<string, unknown>> {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }))
  told?.(url)
  try {
    return (await import(/* @vite-ignore */ url)) as Record<string, unknown>
  } finally {
    URL.revokeObjectURL(url)
  }
}
