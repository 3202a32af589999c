import type { FsNode, FsStream, Pyodide } from 'pyodide/pyodide.mjs'
import type { DiskChange, GuestAct } from '../host/virtual/guest.ts'
import { bytesOf, textOf } from './surrogates.ts'

/** A write, and what was done in its turn when it was made (ms). */
type Written = GuestAct & { readonly type: 'file' }

/** What a turn did to a file: `pieces` as long as it was only written at its end. */
interface Dirty {
  after: number
  pieces: Uint8Array[] | undefined
}

const APPEND = 1024
/** What is the interpreter's own; and the journals of SQLite, which belong to the process that writes them. */
const OWN = /^\/(lib|dev|proc|server-workers)(\/|$)|-(journal|wal|shm)$/

/** The files of one interpreter, as a part of the machine's: it is told what others have written, and tells what its own code has. */
export class Disk {
  readonly #py: Pyodide
  readonly #after: () => number
  readonly #dirty = new Map<string, Dirty>()
  #watching = false

  /** @param after what the turn has taken so far, in ms */
  constructor(py: Pyodide, after: () => number) {
    this.#py = py
    this.#after = after
    this.#watch()
  }

  /** From here on the writes are the application's. */
  begin(): void {
    this.#watching = true
  }

  /** Called from Python: the path of an open file; `undefined` when it is closed. */
  path_of(descriptor: number): string | undefined {
    const { FS } = this.#py
    const stream = FS.streams[descriptor]
    return stream?.node === undefined ? undefined : FS.getPath(stream.node)
  }

  /** Takes what others have written since the last turn. */
  take(changes: readonly DiskChange[]): void {
    const { FS } = this.#py
    const watched = this.#watching
    this.#watching = false
    for (const { path, text } of changes) {
      if (text === undefined) {
        if (FS.analyzePath(path).exists) FS.unlink(path)
        continue
      }
      FS.mkdirTree(path.slice(0, path.lastIndexOf('/')) || '/')
      FS.writeFile(path, bytesOf(text))
    }
    this.#watching = watched
  }

  /** What the application has written in this turn. */
  written(): readonly Written[] {
    const { FS } = this.#py
    const all = [...this.#dirty].map(([path, { after, pieces }]): Written => {
      const there = FS.analyzePath(path).exists
      const change = !there ? 'removed' : pieces === undefined ? 'whole' : 'appended'
      const text = !there ? '' : pieces === undefined ? textOf(FS.readFile(path)) : textOf(joined(pieces))
      return { type: 'file', after, path, change, text }
    })
    this.#dirty.clear()
    return all
  }

  /** Every change of a file passes through these functions of the file system. */
  #watch(): void {
    const { FS } = this.#py
    const { file, dir } = FS.filesystems.MEMFS.ops_table
    const { write } = file.stream
    file.stream.write = (stream: FsStream, buffer, offset, length, position, canOwn) => {
      const piece = (stream.flags & APPEND) !== 0 ? buffer.slice(offset, offset + length) : undefined
      const done = write(stream, buffer, offset, length, position, canOwn)
      this.#mark(FS.getPath(stream.node), piece)
      return done
    }
    const { setattr } = file.node
    file.node.setattr = (node, attributes) => {
      setattr(node, attributes)
      if (attributes.size !== undefined) this.#mark(FS.getPath(node))
    }
    const { mknod, rename, unlink } = dir.node
    dir.node.mknod = (parent, name, mode, device) => {
      const node = mknod(parent, name, mode, device)
      // That it is there is all that is known: others may have written it meanwhile.
      if (FS.isFile(mode)) this.#mark(inside(FS.getPath(parent), name), new Uint8Array())
      return node
    }
    dir.node.unlink = (parent, name) => {
      unlink(parent, name)
      this.#mark(inside(FS.getPath(parent), name))
    }
    dir.node.rename = (node, folder, name) => {
      const before = filesIn(FS.getPath(node), node)
      rename(node, folder, name)
      for (const path of [...before, ...filesIn(inside(FS.getPath(folder), name), node)]) this.#mark(path)
    }
  }

  #mark(path: string, piece?: Uint8Array): void {
    if (!this.#watching || OWN.test(path)) return
    const known = this.#dirty.get(path)
    const pieces = known === undefined ? [] : known.pieces
    const isWhole = piece === undefined || pieces === undefined
    this.#dirty.set(path, { after: this.#after(), pieces: isWhole ? undefined : [...pieces, piece] })
  }
}

function inside(folder: string, name: string): string {
  return folder === '/' ? `/${name}` : `${folder}/${name}`
}

/** A file, or all files below a folder. */
function filesIn(path: string, node: FsNode): readonly string[] {
  if (ArrayBuffer.isView(node.contents)) return [path]
  return Object.entries(node.contents ?? {}).flatMap(([name, each]) => filesIn(inside(path, name), each))
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}
