/** Lets Node keep the compiled code of what is loaded from here on: every worker after the first starts faster (Node 22). */
export function enableCompileCache(): void {
  const { enableCompileCache: enable } = process.getBuiltinModule('node:module') as {
    enableCompileCache?: (folder: string) => unknown
  }
  // Node's own choice; without it Node loads a module to find it.
  const { NODE_COMPILE_CACHE: folder, TMPDIR, TMP, TEMP } = process.env
  enable?.(folder || `${TMPDIR || TMP || TEMP || '/tmp'}/node-compile-cache`)
}
