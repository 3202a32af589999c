import { dirname } from 'node:path'

/** How the reader calls this command, for examples: `npx server-workers`, `npx` with the folder of a clone, or its name. */
export function commandAsTyped(env: NodeJS.ProcessEnv = process.env): string {
  if (env['npm_command'] !== 'exec') return 'server-workers'
  // npx puts the package that it runs from a folder into these. The whole path holds in any other folder as well.
  const { npm_package_name: name, npm_package_json: file = '' } = env
  return name === 'server-workers' && file !== '' ? `npx ${dirname(file)}` : 'npx server-workers'
}
