/**
 * Ends this process when the shell that npm started it in is gone. A signal to npm ends only that shell: without this call the script
 * would go on and keep its port.
 */
export function endWithNpm(): void {
  if (!process.env.npm_lifecycle_event) return
  const shell = process.ppid
  setInterval(() => {
    if (process.ppid !== shell) process.exit(143)
  }, 500).unref()
}

/** Ends this process with its starter. The starter holds our stdin open (`END_WITH_STDIN`); end of input means it has gone. */
export function endWithInput(): void {
  if (!process.env.END_WITH_STDIN) return
  process.stdin.once('end', () => process.exit(143)).resume()
}
