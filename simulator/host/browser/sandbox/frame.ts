/** How long the frame may take to load, in ms. */
const LOADS = 10_000
/** How long its answer may take, in ms: it does nothing but start workers. */
const ANSWERS = 2500

/** The messages from the page to the frame (`public/sandbox.html`). */
type ToFrame =
  | { readonly do: 'compile'; readonly wasm: ArrayBuffer }
  | {
      readonly do: 'spawn'
      readonly id: number
      readonly name: string
      readonly script: string
      readonly compiled: boolean
    }
  | { readonly do: 'terminate'; readonly id: number }
  | { readonly do: 'answer' }

type FromFrame =
  | { readonly ready: true }
  | { readonly answer: true }
  | { readonly compiled: boolean; readonly message?: string }
  | { readonly id: number; readonly message: string; readonly line: number }

/** The sandbox's frame in the page, and the channel to it. */
export interface Frame {
  post(message: ToFrame, transfer?: Transferable[]): void
  /** Compiles WebAssembly for workers that are spawned later. @throws Error with the browser's reason */
  compile(wasm: ArrayBuffer): Promise<void>
  /** Whether it still answers. It is asked twice, since an answer is late when the computer has slept meanwhile. */
  answers(): Promise<boolean>
  /** Removes it from the page, with its workers. */
  close(): void
}

/**
 * Loads the frame. `onError` gets exceptions that nothing in a worker caught.
 * @throws Error when the frame does not answer within 10 seconds, e.g. because the site lacks the file.
 */
export async function openFrame(address: URL, onError: (id: number, error: Error) => void): Promise<Frame> {
  const element = document.createElement('iframe')
  element.setAttribute('sandbox', 'allow-scripts')
  element.hidden = true
  element.title = 'Sandbox'
  element.src = address.href

  const { port1: page, port2: far } = new MessageChannel()
  const close = (): void => {
    page.close()
    element.remove()
  }
  let compiled: PromiseWithResolvers<void> | undefined
  let answered: (() => void) | undefined
  await new Promise<void>((ready, failed) => {
    const late = setTimeout(() => {
      close()
      failed(new Error(`The sandbox did not answer. Expected it at ${address.href}: is that file served?`))
    }, LOADS)
    page.onmessage = ({ data }: MessageEvent<FromFrame>) => {
      if ('ready' in data) {
        clearTimeout(late)
        ready()
      } else if ('answer' in data) {
        answered?.()
      } else if ('compiled' in data) {
        if (data.compiled) compiled?.resolve()
        else compiled?.reject(new Error(data.message))
      } else {
        onError(data.id, new Error(`${data.message} (line ${data.line})`))
      }
    }
    element.onload = () => {
      // Its origin is opaque: there is no other target that matches it.
      element.contentWindow?.postMessage(null, '*', [far])
    }
    document.body.append(element)
  })

  let asked: Promise<boolean> | undefined
  const ask = (): Promise<boolean> =>
    new Promise((done) => {
      const late = setTimeout(() => done(false), ANSWERS)
      answered = () => {
        clearTimeout(late)
        done(true)
      }
      page.postMessage({ do: 'answer' } satisfies ToFrame)
    })
  return {
    post: (message, transfer = []) => page.postMessage(message, transfer),
    compile(wasm) {
      compiled = Promise.withResolvers<void>()
      page.postMessage({ do: 'compile', wasm } satisfies ToFrame)
      return compiled.promise
    },
    answers() {
      asked ??= (async () => (await ask()) || (await ask()))().finally(() => {
        asked = undefined
      })
      return asked
    },
    close,
  }
}
