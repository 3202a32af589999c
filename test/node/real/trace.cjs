// Loaded into every process of the command before anything else: notes who wrote which text, because lines on a
// terminal do not tell. What is written, and where, stays as it is.
const { Buffer } = require('node:buffer')
const fs = require('node:fs')
const { syncBuiltinESMExports } = require('node:module')
const process = require('node:process')

const file = fs.openSync(process.env.TEST_TRACE, 'a')
const { writeSync } = fs
fs.writeSync = (fd, data, ...rest) => {
  const written = writeSync(fd, data, ...rest)
  if (fd === 1 || fd === 2) {
    const [from = 0] = rest
    const text = Buffer.from(data)
      .subarray(from, from + written)
      .toString()
    writeSync(file, `${JSON.stringify({ pid: process.pid, stream: fd === 1 ? 'stdout' : 'stderr', text })}\n`)
  }
  return written
}
syncBuiltinESMExports()
