import { existsSync, readFileSync } from 'node:fs'
import type { CommandFiles } from '../../../command/api.ts'

/** The files on the disk, for reading command lines. */
export const commandFiles: CommandFiles = {
  exists: existsSync,
  read: (path) => {
    try {
      return { text: readFileSync(path, 'utf8') }
    } catch (error) {
      return { code: (error as NodeJS.ErrnoException).code ?? '' }
    }
  },
}
