import { dirname } from 'node:path'

/** How the reader runs this command, for examples: `npx server-workers`, `npx` with the folder of a clone, or its name. */
export function commandAsTyped(env: NodeJS.ProcessEnv = process.env): string {
  if (env['npm_command'] !== 'exec') return 'server-workers'
  // npx puts the folder of the package that it runs into these variables. The absolute path works in every folder.
  const { npm_package_name: name, npm_package_json: file = '' } = env
  return name === 'server-workers' && file !== '' ? `npx ${dirname(file)}` : 'npx server-workers'
}
