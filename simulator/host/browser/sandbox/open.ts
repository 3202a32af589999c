/**
 * A sandbox for code that must reach neither the network nor the site's storage: a frame without an origin
 * (`public/sandbox.html`, with a policy of its own) in which classic Web Workers run.
 *
 * How the frame gets into the build: Astro copies `public/` as it is, so it is at `<base>/sandbox.html` in the built
 * site, in dev and in tests alike. What a worker runs is the text of one classic script; `import text from './x.ts?classic'`
 * gives that text (src/build/classic-script.ts bundles it), since a worker in the frame can load nothing by itself.
 */

import { openFrame, type Frame } from './frame.ts'

/** One Web Worker in the sandbox. */
export interface SandboxedWorker {
  /** The page's end of a channel; the worker's end is `event.ports[0]` of its first message. Comlink can be put on both. */
  readonly port: MessagePort
  /** Ends the worker at once, even in the middle of a loop. Calls that wait for its answer never settle. */
  terminate(): void
}

export interface Spawn {
  /** The worker's name, as developer tools show it and `self.name` reads. */
  readonly name: string
  /** The text of a classic script. It must listen for its first message before it does anything asynchronous. */
  readonly script: string
  /** An exception that nothing in the worker caught, e.g. a syntax error of the script itself. */
  readonly onError?: (error: Error) => void
  /** Whether the worker gets the WebAssembly that `compile` has compiled. */
  readonly compiled?: boolean
}

/** The browser has ended the frame, with all its workers. */
export class SandboxLost extends Error {
  override readonly name = 'SandboxLost'
}

export interface Sandbox {
  spawn(options: Spawn): SandboxedWorker
  /** Compiles WebAssembly for workers that are spawned later. Rejects with the browser's reason. */
  compile(wasm: ArrayBuffer): Promise<void>
  /**
   * Looks whether the browser has ended the frame with all its workers, as it does with a process whose JavaScript takes more memory than it
   * gives. Then each worker's `onError` gets a `SandboxLost`, and what is spawned from now on gets a frame anew. No event tells of it.
   */
  check(): Promise<void>
  /** Ends all workers and takes the frame out of the page. */
  close(): void
}

/** The address of the frame in the built site, in dev and in tests. */
function frameAddress(): URL {
  const base = import.meta.env.BASE_URL
  return new URL(`${base}${base.endsWith('/') ? '' : '/'}sandbox.html`, location.href)
}

/**
 * Opens a sandbox; one is enough for a whole machine of processes.
 * @throws Error when the frame does not answer within 10 seconds, e.g. because the site lacks the file.
 */
export async function openSandbox(address = frameAddress()): Promise<Sandbox> {
  const errors = new Map<number, (error: Error) => void>()
  const open = new Map<number, MessagePort>()
  let lastId = 0
  let wasm: ArrayBuffer | undefined
  let closed = false
  const load = (): Promise<Frame> => openFrame(address, (id, error) => errors.get(id)?.(error))
  let frame = await load()
  /** The callers that wait for the frame to load. */
  let waiting: ((frame: Frame) => void)[] | undefined

  const tell = (error: Error): void => {
    const told = [...errors.values()]
    for (const port of open.values()) port.close()
    open.clear()
    errors.clear()
    for (const onError of told) onError(error)
  }
  const inFrame = (use: (frame: Frame) => void): void => {
    if (waiting === undefined) use(frame)
    else waiting.push(use)
  }
  const replace = async (): Promise<void> => {
    waiting = []
    try {
      frame = await load()
      if (wasm) await frame.compile(wasm)
      for (const use of waiting.splice(0)) use(frame)
    } catch (error) {
      tell(error as Error)
    } finally {
      // After a failure the next worker that is silent asks for another frame.
      waiting = undefined
    }
  }
  const end = (id: number): void => {
    open.get(id)?.close()
    if (open.delete(id)) inFrame((frame) => frame.post({ do: 'terminate', id }))
    errors.delete(id)
  }
  return {
    async compile(code) {
      await frame.compile(code)
      wasm = code
    },
    spawn({ name, script, onError, compiled = false }) {
      const id = ++lastId
      const { port1: port, port2: inside } = new MessageChannel()
      open.set(id, port)
      if (onError) errors.set(id, onError)
      inFrame((frame) => frame.post({ do: 'spawn', id, name, script, compiled }, [inside]))
      return {
        port,
        terminate: () => {
          end(id)
        },
      }
    },
    async check() {
      const asked = frame
      // Another call may have noticed it meanwhile.
      if ((await asked.answers()) || closed || waiting !== undefined || asked !== frame) return
      asked.close()
      void replace()
      tell(new SandboxLost())
    },
    close() {
      closed = true
      for (const id of open.keys()) end(id)
      inFrame((frame) => frame.close())
    },
  }
}
