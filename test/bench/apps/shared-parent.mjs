// The least that there can be: a parent that binds, and processes that accept on its socket. No logs, signals, restarts or reloads.
// `shared-parent.mjs PORT WORKERS`
import { spawn } from 'node:child_process'
import { BoundSocket } from 'node:net'
import { fileURLToPath } from 'node:url'

const [, , port, workers] = process.argv
const child = fileURLToPath(new URL('./shared-child.mjs', import.meta.url))
const socket = new BoundSocket({ host: '127.0.0.1', port: Number(port) })
const children = Array.from({ length: Number(workers) }, () =>
  spawn(process.execPath, [child], { stdio: ['ignore', 'inherit', 'inherit', socket.fd()] }),
)
process.once('SIGTERM', () => {
  for (const process of children) process.kill()
  socket.close()
})
