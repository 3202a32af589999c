/**
 * npm that is told to end ends only the shell between it and its script, which would go on by itself and keep its port.
 * Call this in a script that npm runs: it ends when that shell is gone.
 */
export function endWithNpm(): void {
  if (!process.env.npm_lifecycle_event) return
  const shell = process.ppid
  setInterval(() => {
    if (process.ppid !== shell) process.exit(143)
  }, 500).unref()
}
