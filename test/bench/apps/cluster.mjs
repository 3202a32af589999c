// node:cluster as its manual shows it: `cluster.mjs PORT WORKERS`. On SIGHUP the workers are replaced, each when its successor listens.
import cluster from 'node:cluster'
import { createServer } from 'node:http'

const [, , port, workers] = process.argv
if (cluster.isPrimary) {
  for (let i = 0; i < Number(workers); i++) cluster.fork()
  const leaving = new Set()
  cluster.on('exit', (worker) => leaving.delete(worker) || cluster.fork())
  process.on('SIGHUP', () => {
    for (const old of Object.values(cluster.workers)) {
      cluster.fork().once('listening', () => {
        leaving.add(old)
        old.disconnect()
      })
    }
  })
} else {
  const { listener } = await import('./main.mjs')
  createServer(listener).listen(Number(port), '127.0.0.1')
}
