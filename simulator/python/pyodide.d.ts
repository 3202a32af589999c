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

  /** A file, or a folder, whose contents are by their names. */
  interface FsNode {
    readonly contents?: ArrayBufferView | Readonly<Record<string, FsNode>>
  }

  interface FsStream {
    readonly node: FsNode
    readonly flags: number
  }

  /** The functions through which every change of a file in memory passes. */
  interface FsOperations {
    readonly file: {
      readonly stream: {
        write: (
          stream: FsStream,
          buffer: Uint8Array,
          offset: number,
          length: number,
          position: number,
          canOwn: boolean,
        ) => number
      }
      readonly node: { setattr: (node: FsNode, attributes: { readonly size?: number }) => void }
    }
    readonly dir: {
      readonly node: {
        mknod: (parent: FsNode, name: string, mode: number, device: number) => FsNode
        rename: (node: FsNode, folder: FsNode, name: string) => void
        unlink: (parent: FsNode, name: string) => void
      }
    }
  }

  interface Pyodide {
    readonly FS: {
      mkdirTree(path: string): void
      writeFile(path: string, content: string | Uint8Array): void
      readFile(path: string): Uint8Array
      unlink(path: string): void
      analyzePath(path: string): { readonly exists: boolean }
      getPath(node: FsNode): string
      isFile(mode: number): boolean
      readonly streams: readonly (FsStream | undefined)[]
      readonly filesystems: { readonly MEMFS: { readonly ops_table: FsOperations } }
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
