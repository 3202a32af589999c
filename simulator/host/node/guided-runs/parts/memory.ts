import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** The measure of memory: on Linux the proportional set size, where shared pages count once; elsewhere the resident size. */
export const MEASURE = process.platform === 'linux' ? 'PSS' : 'RSS'

/** The memory of a process in bytes; 0 when it has ended. */
export function memoryOf(pid: number): number {
  try {
    if (process.platform === 'linux') {
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
      return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0) * 1024
    }
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024
  } catch {
    return 0
  }
}

/** Bytes as whole megabytes. */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MB`
}
