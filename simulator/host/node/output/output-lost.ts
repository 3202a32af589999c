import { fstatSync } from 'node:fs'
import type { Stream } from '../../../manager/log.ts'
import { fill, sentence } from './language.ts'
import { tell } from '../ipc/channel.ts'
import { onLost, write } from './write.ts'

const lost = new Set<Stream>()

/**
 * From now on this process reports, once for each stream, that stdout or stderr cannot be written to: the disk is full, the terminal was
 * closed, the reader has exited. It reports it on the other stream, unless both are the same file or that one is lost too.
 */
export function reportLostOutput(): void {
  onLost(handleLostOutput)
}

/** The same in a worker: its manager reports it, once for all workers. */
export function reportLostOutputToParent(): void {
  onLost((stream, code) => {
    if (lost.has(stream)) return
    lost.add(stream)
    tell({ says: 'output-lost', stream, code })
  })
}

/** Output of this process, or of one of its workers, was lost because of this system error. */
export function handleLostOutput(stream: Stream, code: string): void {
  if (lost.has(stream)) return
  lost.add(stream)
  const other = stream === 'stdout' ? 'stderr' : 'stdout'
  if (lost.has(other) || isSame()) return
  write(other, `${sentence(({ outputLost }) => fill(outputLost, { stream, code }))}\n`)
}

function isSame(): boolean {
  try {
    const [out, err] = [fstatSync(1), fstatSync(2)]
    return out.dev === err.dev && out.ino === err.ino
  } catch {
    return true
  }
}
