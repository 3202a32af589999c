import { fill, tooManyFiles, words } from '../output/language.ts'

/** Prints why the command does not run here. It uses nothing that an old Node lacks. */
export function refuse(): void {
  const { node: version } = process.versions
  console.error(process.platform === 'win32' ? words().windows : fill(words().oldNode, { version }))
  process.exitCode = 1
}

/**
 * Explains an error that is no fault of the code: a file of the installation is missing, the working folder is gone, or the process may
 * open too few files. It reads no message from a file that may be missing or cannot be opened.
 * @returns whether it has printed something
 */
export function explain(error: unknown): boolean {
  const { code, syscall, url, path } = error as {
    code?: string
    syscall?: string
    url?: string
    path?: string
  }
  const sentence =
    tooManyFiles(error) ??
    (syscall === 'uv_cwd'
      ? words().noFolder
      : missing(code === 'ERR_MODULE_NOT_FOUND' ? url : code === 'ENOENT' ? path : undefined))
  if (sentence === undefined) return false
  console.error(sentence)
  process.exitCode = 1
  return true
}

/** The missing file of this installation that an error names. */
function missing(file: string | undefined): string | undefined {
  const own = new URL('./', import.meta.url)
  const isOurs = file !== undefined && (file.startsWith(own.href) || file.startsWith(own.pathname))
  return isOurs
    ? `This installation of server-workers is not whole: ${file} is missing. Install it again.`
    : undefined
}
