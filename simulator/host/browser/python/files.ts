import type { Library } from '../../../python/index.ts'
import { DOWNLOAD_BYTES, PACKAGES } from './packages.ts'
import { PYODIDE, type Progress } from './size.ts'

/** The files of CPython (Pyodide), all loaded from the site itself. */
export interface PythonFiles {
  readonly wasm: ArrayBuffer
  /** The text of the JavaScript module that belongs to the WebAssembly. */
  readonly glue: string
  /** Python's standard library, as a zip. */
  readonly stdlib: ArrayBuffer
  /** FastAPI itself with what it needs, as a zip; without it the library's subset. */
  readonly packages: ArrayBuffer | undefined
}

const FILES = ['pyodide.asm.wasm', 'pyodide.asm.mjs', 'python_stdlib.zip'] as const
const texts = import.meta.glob<string>('../../../python/library/**/*.py', {
  query: '?raw',
  import: 'default',
  eager: true,
})

/** The simulator's own Python modules, by path. */
export const library: Library = Object.fromEntries(
  Object.entries(texts).map(([path, text]) => [path.replace(/^.*\/library\//, ''), text]),
)

/**
 * Loads the files of CPython.
 * @throws Error that names the address of a file which cannot be loaded; an AbortError when it was stopped
 */
export async function loadFiles(
  told: (progress: Progress) => void,
  signal?: AbortSignal,
): Promise<PythonFiles> {
  let loaded = 0
  const [wasm, glue, stdlib, packages] = await Promise.all(
    [...FILES, ...(PACKAGES === undefined ? [] : [PACKAGES.file])].map((name) =>
      load(new URL(`python/${PYODIDE}/${name}`, base()), signal, (bytes) => {
        loaded += bytes
        told({ loaded, total: DOWNLOAD_BYTES })
      }),
    ),
  )
  if (wasm === undefined || glue === undefined || stdlib === undefined) throw new Error('a file is missing')
  return { wasm, glue: new TextDecoder().decode(glue), stdlib, packages }
}

function base(): URL {
  const path = import.meta.env.BASE_URL
  return new URL(path.endsWith('/') ? path : `${path}/`, location.href)
}

async function load(
  address: URL,
  signal: AbortSignal | undefined,
  told: (bytes: number) => void,
): Promise<ArrayBuffer> {
  const response = await fetch(address, signal === undefined ? {} : { signal })
  if (!response.ok || response.body === null) throw new Error(`${response.status} ${address.href}`)
  const pieces: Uint8Array<ArrayBuffer>[] = []
  for await (const piece of response.body) {
    pieces.push(piece)
    told(piece.byteLength)
  }
  return new Blob(pieces).arrayBuffer()
}
