// Loaded into every process of the command before anything else: notes who wrote which text, because lines on a
// terminal do not tell, and which workers were started, because a look at the process table misses those that die
// at once. What is written, and where, stays as it is.
const { Buffer } = require('node:buffer')
const childProcess = require('node:child_process')
const fs = require('node:fs')
const { syncBuiltinESMExports } = require('node:module')
const process = require('node:process')

const file = fs.openSync(process.env.TEST_TRACE, 'a')
const { writeSync } = fs
const note = (what) => writeSync(file, `${JSON.stringify({ pid: process.pid, ...what })}\n`)

fs.writeSync = (fd, data, ...rest) => {
  const written = writeSync(fd, data, ...rest)
  if (fd === 1 || fd === 2) {
    const [from = 0] = rest
    const text = Buffer.from(data)
      .subarray(from, from + written)
      .toString()
    note({ stream: fd === 1 ? 'stdout' : 'stderr', text })
  }
  return written
}

const { spawn } = childProcess
childProcess.spawn = (...args) => {
  const child = spawn(...args)
  const task = args.at(-1)?.env?.SERVER_WORKERS_TASK
  if (child.pid !== undefined && task?.includes('"do":"work"')) {
    note({ worker: child.pid })
  }
  return child
}
syncBuiltinESMExports()
