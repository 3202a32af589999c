/** The first steps of the scripts of workers in the sandbox. */

/** Globals with which an application could start workers of its own or load scripts. */
const withheld = ['Worker', 'SharedWorker', 'importScripts']

/** Removes these globals. The frame's own policy blocks network and storage. */
export function withhold(): void {
  for (const name of withheld) {
    Object.defineProperty(globalThis, name, { value: undefined, writable: false, configurable: false })
  }
}

/** What the page sent with this worker's first message. */
export interface FirstMessage {
  readonly port: MessagePort
  /** The compiled WebAssembly, when the page spawned the worker with `compiled`. */
  readonly compiled?: WebAssembly.Module
}

/** This worker's port to the page. Call it at once, before anything is awaited. */
export async function portFromPage(): Promise<MessagePort> {
  return (await handedByPage()).port
}

/** The same, with the compiled WebAssembly. */
export function handedByPage(): Promise<FirstMessage> {
  return new Promise((given) => {
    addEventListener(
      'message',
      (event) => {
        // The application must not get this event: it could answer in this script's name.
        event.stopImmediatePropagation()
        const [port] = event.ports
        const compiled: unknown = event.data
        if (port) given(compiled instanceof WebAssembly.Module ? { port, compiled } : { port })
      },
      { once: true },
    )
  })
}

/**
 * Imports the text of one file as an ES module. A relative or absolute import inside it is refused by the browser.
 * `told` gets the address of the module, as it appears in stacks.
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
