import type { Metafile } from 'esbuild'

/** The files whose code esbuild has put into its outputs; files that were tree-shaken away are not among them. */
export function bundledFiles({ outputs }: Metafile): string[] {
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  )
  return [...new Set(files)]
}
