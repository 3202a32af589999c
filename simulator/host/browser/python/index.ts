import { releaseProxy, wrap, type Endpoint } from 'comlink'
import type { Sandbox } from '../sandbox/open.ts'
import type { RemoteGuest } from '../remote-guest.ts'
import type { Language } from '../words.ts'
import type { RemotePython } from './remote-python.ts'
import { library, loadFiles, type PythonFiles } from './files.ts'
import type { Progress } from './size.ts'
import { loadPythonWords } from './words.ts'
import script from './main.ts?classic'

let files: Promise<PythonFiles> | undefined

/**
 * Loads CPython, once for the page. After a failure or a stop the next call tries again.
 * @throws Error when a file cannot be loaded
 */
export async function loadPython(told: (progress: Progress) => void, signal?: AbortSignal): Promise<void> {
  files ??= loadFiles(told, signal)
  try {
    await files
  } catch (error) {
    files = undefined
    throw error
  }
}

/** Makes Web Workers for processes whose application is in Python. */
export interface PythonWorkers {
  readonly script: string
  /** Starts an interpreter in a worker, before it is known for which process. */
  guest(port: Endpoint): RemoteGuest
}

/** Prepares a sandbox for Web Workers that run Python: loads and compiles CPython. */
export async function pythonWorkers(sandbox: Sandbox, language: Language): Promise<PythonWorkers> {
  const [sentences] = await Promise.all([loadPythonWords(language), loadPython(() => undefined)])
  const { wasm, glue, stdlib, packages } = await files!
  await sandbox.compile(wasm)
  return {
    script,
    guest(port) {
      const process = wrap<RemotePython>(port)
      const booted = process.boot({ glue, stdlib, library, packages })
      // `begin` rejects with the same error.
      booted.catch(() => undefined)
      return {
        async begin(spec, memory) {
          await booted
          await process.begin({ ...spec, memory, sentences })
          return undefined
        },
        turn: (input) => process.turn(input),
        release: () => process[releaseProxy](),
      }
    },
  }
}
