/** Which packages files are from, and which a file of notices names: read anew here, apart from the code that writes the notices. */
import { readFileSync } from 'node:fs'

/** The packages of bundled files, as `name@version`: the innermost `node_modules/<name>` of each path, or who makes a virtual module. */
export function packagesOf(files: readonly string[]): string[] {
  return namesOf(
    files.flatMap((file) => {
      const maker = /^\0([\w-]+)\//.exec(file)?.[1]
      const folder =
        maker === undefined
          ? /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file.replace(/^\0/, ''))?.[0]
          : `node_modules/${maker}`
      return folder ?? []
    }),
  )
}

/** The packages in these folders, as `name@version`, each once. */
export function namesOf(folders: readonly string[]): string[] {
  const names = folders.map((folder) => {
    const { name, version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as {
      name: string
      version: string
    }
    return `${name}@${version}`
  })
  return [...new Set(names)].sort()
}

/** The packages that notices name, as `name@version`. */
export function namedIn(notices: string): string[] {
  return notices
    .split('\n')
    .filter((line) => /^(?:@[\w.-]+\/)?[\w.-]+@\d\S*$/.test(line))
    .sort()
}
