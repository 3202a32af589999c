/** Lets Node keep the compiled code of what is loaded from here on: every worker after the first starts faster (Node 22). */
export function enableCompileCache(): void {
  const { enableCompileCache: enable } = process.getBuiltinModule('node:module') as {
    enableCompileCache?: () => unknown
  }
  enable?.()
}
