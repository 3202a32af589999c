import { readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'

const ignore = () => undefined

/** From now on a hang-up does nothing to this process, unless somebody else takes it. */
export function ignoreHangUp(): void {
  process.on('SIGHUP', ignore)
}

/**
 * Whether `nohup` has started this process. The signal that it had ignored is not any more: Node sets them all to their default actions
 * before JavaScript runs. What is left of it: the shells that run commands name the last one in `_` (bash, zsh, ksh), and GNU's nohup puts
 * in place of a terminal's input a /dev/null that can only be written to.
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
