import { readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'

const ignore = () => undefined

/** From now on this process ignores SIGHUP, unless a handler is added. */
export function ignoreHangUp(): void {
  process.on('SIGHUP', ignore)
}

/**
 * Whether `nohup` has started this process. Node resets all signals to their default actions before JavaScript runs, so the ignored SIGHUP
 * does not show. What is left: shells put the name of the last command into `_` (bash, zsh, ksh), and GNU's nohup replaces a terminal's
 * input by a /dev/null that can only be written to.
 */
export function startedByNohup(): boolean {
  return basename(process.env['_'] ?? '') === 'nohup' || hasUnreadableInput()
}

const ACCESS_MODE = 3
const O_WRONLY = 1

function hasUnreadableInput(): boolean {
  try {
    if (readlinkSync('/proc/self/fd/0') !== '/dev/null') return false
    const [, flags = ''] = /^flags:\s*(\d+)$/m.exec(readFileSync('/proc/self/fdinfo/0', 'utf8')) ?? []
    return (Number.parseInt(flags, 8) & ACCESS_MODE) === O_WRONLY
  } catch {
    return false
  }
}
