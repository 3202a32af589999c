/** The script of a Web Worker whose application is in Python. */
import { expose } from 'comlink'
import { loadPyodide, type Pyodide } from 'pyodide/pyodide.mjs'
import { installLibrary, LOAD_OPTIONS, PythonProcess } from '../../../python/index.ts'
import { handedByPage, importText, withhold } from '../sandbox/inside.ts'
import type { InterpreterSpec, RemotePython } from './remote-python.ts'

withhold()

/** An address that does not exist: Pyodide's loader gets all its files from the page. */
const NOWHERE = 'http://python.invalid/'
/** Globals that the interpreter does not need any more once it has started. */
const OUTSIDE = [
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'EventSource',
  'WebTransport',
  'indexedDB',
  'caches',
  'BroadcastChannel',
]

void handedByPage().then(({ port, compiled }) => {
  let interpreter: Promise<Pyodide> | undefined
  let process: PythonProcess | undefined
  const remote: RemotePython = {
    async boot(given) {
      if (compiled === undefined) throw new Error('there is no WebAssembly to start from')
      interpreter = boot(compiled, given)
      await interpreter
    },
    async begin(spec) {
      if (interpreter === undefined)
        throw new Error('begin was called before the interpreter had been started')
      process = new PythonProcess(await interpreter, spec)
    },
    turn(input) {
      if (process === undefined) throw new Error('a turn came before the process had begun')
      return process.turn(input)
    },
  }
  expose(remote, port)
})

/** Starts the interpreter from what the page sent, without loading anything. */
async function boot(
  compiled: WebAssembly.Module,
  { glue, stdlib, library, packages }: InterpreterSpec,
): Promise<Pyodide> {
  put('fetch', (address: string) =>
    Promise.resolve(String(address).endsWith('.zip') ? new Response(stdlib) : new Response(null)),
  )
  const instantiateStreaming = async (_: unknown, imports: WebAssembly.Imports) => ({
    instance: await WebAssembly.instantiate(compiled, imports),
    module: compiled,
  })
  Object.defineProperty(WebAssembly, 'instantiateStreaming', { value: instantiateStreaming })
  const { default: createPyodideModule } = await importText(glue)
  const py = await loadPyodide({
    ...LOAD_OPTIONS,
    indexURL: NOWHERE,
    packageBaseUrl: NOWHERE,
    stdLibURL: `${NOWHERE}python_stdlib.zip`,
    createPyodideModule,
  })
  installLibrary(py, library, packages && new Uint8Array(packages))
  for (const name of OUTSIDE) put(name, undefined)
  return py
}

function put(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
}
