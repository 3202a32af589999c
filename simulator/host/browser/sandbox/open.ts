/**
 * A room for code that must reach neither the network nor the site's storage: a frame without an origin
 * (`public/sandbox.html`, with a policy of its own) in which classic Web Workers run.
 *
 * How the frame gets into the build: Astro copies `public/` as it is, so it is at `<base>/sandbox.html` in the built
 * site, in dev and in tests alike. What a worker runs is the text of one classic script; `import text from './x.ts?classic'`
 * gives that text (src/build/classic-script.ts bundles it), since a worker in the frame can load nothing by itself.
 */

/** One Web Worker in the sandbox. */
export interface SandboxedWorker {
  /** The page's end of a channel; the worker's end is `event.ports[0]` of its first message. Comlink can be put on both. */
  readonly port: MessagePort
  /** Ends the worker at once, in the middle of a loop too. What was asked of it through the port never settles. */
  terminate(): void
}

export interface Spawn {
  /** The worker's name, as developer tools show it and `self.name` reads. */
  readonly name: string
  /** The text of a classic script. It must listen for its first message before it does anything asynchronous. */
  readonly script: string
  /** An exception that nothing in the worker caught, e.g. a syntax error of the script itself. */
  readonly onError?: (error: Error) => void
}

export interface Sandbox {
  spawn(options: Spawn): SandboxedWorker
  /** Ends all workers and takes the frame out of the page. */
  close(): void
}

type FromFrame =
  { readonly ready: true } | { readonly id: number; readonly message: string; readonly line: number }

/** Where the frame is in the site that was built, served or tested. */
function frameAddress(): URL {
  const base = import.meta.env.BASE_URL
  return new URL(`${base}${base.endsWith('/') ? '' : '/'}sandbox.html`, location.href)
}

/**
 * Opens a sandbox; one is enough for a whole machine of processes.
 * @throws Error when the frame does not answer within 10 seconds, e.g. because the site lacks the file.
 */
export async function openSandbox(address = frameAddress()): Promise<Sandbox> {
  const frame = document.createElement('iframe')
  frame.setAttribute('sandbox', 'allow-scripts')
  frame.hidden = true
  frame.title = 'Sandbox'
  frame.src = address.href

  const { port1: page, port2: far } = new MessageChannel()
  const errors = new Map<number, (error: Error) => void>()
  await new Promise<void>((ready, failed) => {
    const late = setTimeout(() => {
      frame.remove()
      failed(new Error(`The sandbox did not answer. Expected it at ${address.href}: is that file served?`))
    }, 10_000)
    page.onmessage = ({ data }: MessageEvent<FromFrame>) => {
      if ('ready' in data) {
        clearTimeout(late)
        ready()
      } else {
        errors.get(data.id)?.(new Error(`${data.message} (line ${data.line})`))
      }
    }
    frame.onload = () => {
      // Its origin is opaque: there is no other target that matches it.
      frame.contentWindow?.postMessage(null, '*', [far])
    }
    document.body.append(frame)
  })

  let lastId = 0
  const open = new Map<number, MessagePort>()
  const end = (id: number) => {
    open.get(id)?.close()
    if (open.delete(id)) page.postMessage({ do: 'terminate', id })
    errors.delete(id)
  }
  return {
    spawn({ name, script, onError }) {
      const id = ++lastId
      const { port1: port, port2: inside } = new MessageChannel()
      open.set(id, port)
      if (onError) errors.set(id, onError)
      page.postMessage({ do: 'spawn', id, name, script }, [inside])
      return {
        port,
        terminate: () => {
          end(id)
        },
      }
    },
    close() {
      for (const id of open.keys()) end(id)
      page.close()
      frame.remove()
    },
  }
}
