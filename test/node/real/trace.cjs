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
  // A worker tells its manager that it is ready; with a high log level no line does.
  if (fd === 3 && !rest[0] && /^\n\{"says":"ready"[,}]/.test(data.toString())) note({ ready: true })
  if (fd !== 1 && fd !== 2) return writeSync(fd, data, ...rest)
  const [from = 0] = rest
  const bytes = Buffer.from(data).subarray(from)
  // Noted first: a process may be ended right after it has written.
  note({ stream: fd === 1 ? 'stdout' : 'stderr', text: bytes.toString() })
  let written = 0
  try {
    written = writeSync(fd, data, ...rest)
    return written
  } finally {
    if (written !== bytes.length) note({ cut: bytes.subarray(0, written).toString() })
  }
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
