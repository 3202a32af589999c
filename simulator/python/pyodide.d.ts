/** The part of Pyodide that is used here; its own types do not cover a start without a network. */
declare module 'pyodide/pyodide.mjs' {
  /** A Python object in JavaScript. */
  interface PyProxy {
    copy(): this
    destroy(): void
  }

  /** A Python function. */
  interface PyCallable extends PyProxy {
    (...given: unknown[]): unknown
    /** Runs the function on a stack that can be suspended (JSPI). */
    callPromising(...given: unknown[]): Promise<unknown>
  }

  interface Pyodide {
    readonly FS: {
      mkdirTree(path: string): void
      writeFile(path: string, text: string): void
      readFile(path: string): Uint8Array
    }
    readonly _module: { readonly HEAP8: Int8Array }
    runPython(code: string): unknown
    /** Unpacks an archive into a folder of the interpreter's file system. */
    unpackArchive(
      archive: Uint8Array,
      format: 'wheel' | 'zip',
      options: { readonly extractDir: string },
    ): void
    pyimport(name: string): PyProxy & Readonly<Record<string, unknown>>
  }

  interface LoadOptions {
    readonly indexURL: string
    readonly env: Readonly<Record<string, string>>
    readonly stdLibURL?: string
    readonly packageBaseUrl?: string
    readonly lockFileContents?: unknown
    readonly createPyodideModule?: unknown
    readonly enableRunUntilComplete?: boolean
  }

  function loadPyodide(options: LoadOptions): Promise<Pyodide>
}
