import { fill, words } from './language.ts'

/** Says why the command does not run here. It uses nothing that an old Node does not have. */
export function refuse(): void {
  const { node: version } = process.versions
  console.error(process.platform === 'win32' ? words().windows : fill(words().oldNode, { version }))
  process.exitCode = 1
}
