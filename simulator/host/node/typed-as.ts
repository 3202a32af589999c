/** How the reader calls this command, to be shown in examples: `npx .` in a clone, `npx server-workers`, or its name. */
export function typedAs(env: NodeJS.ProcessEnv = process.env): string {
  if (env['npm_command'] !== 'exec') return 'server-workers'
  // npx puts the package that it runs from a folder into the variables of its own package.json.
  return env['npm_package_name'] === 'server-workers' ? 'npx .' : 'npx server-workers'
}
