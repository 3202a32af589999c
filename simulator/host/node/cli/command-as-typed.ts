import { dirname } from 'node:path'
import { packedAddress } from './packed-address.ts'

/** How the reader runs this command, for examples: `npx` with its name, the address that it came from or a clone's folder; or its name. */
export function commandAsTyped(env: NodeJS.ProcessEnv = process.env, address = packedAddress()): string {
  if (env['npm_command'] !== 'exec') return 'server-workers'
  if (address !== undefined) return `npx ${address}`
  // npx puts the folder of the package that it runs into these variables. The absolute path works in every folder.
  const { npm_package_name: name, npm_package_json: file = '' } = env
  return name === 'server-workers' && file !== '' ? `npx ${dirname(file)}` : 'npx server-workers'
}
