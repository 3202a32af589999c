import { existsSync, readFileSync } from 'node:fs'
import * as util from 'node:util'
import type { CommandFiles } from '../../command/api.ts'

/** The disk, as far as command lines look at it. */
export const commandFiles: CommandFiles = {
  exists: existsSync,
  readEnv: (path) => readEnv(readFileSync(path, 'utf8')),
}

/** Node has it since 20.12. */
function readEnv(text: string): Readonly<Record<string, string>> {
  const { parseEnv } = util as { parseEnv?: (text: string) => Record<string, string> }
  return parseEnv?.(text) ?? {}
}
