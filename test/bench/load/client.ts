/**
 * A client that sends one request after the other on each of its connections, as fast as they are answered. It retries nothing, and knows
 * only as much HTTP as the bench's applications use: a client that costs less than the server.
 */
import { connect } from 'node:net'
import type { LoadFailure, LoadMessage, LoadOrder, LoadReport } from './report.ts'

const order = JSON.parse(process.argv[2] ?? '') as LoadOrder
const closing = order.keepAlive ? '' : 'Connection: close\r\n'
const request = Buffer.from(`GET ${order.path} HTTP/1.1\r\nHost: 127.0.0.1:${order.port}\r\n${closing}\r\n`)

const since = performance.now()
const byPid: Record<string, number> = {}
const failures: LoadFailure[] = []
let answered = 0
let failed = 0
let slowestMs = 0
let isOver = false
let open = 0

function fail(pid: number | undefined, reason: string): void {
  failed += 1
  if (failures.length < 1000) failures.push({ pid, reason, at: (performance.now() - since) / 1000 })
}

/** Uses one connection from its beginning to its end, and then the next. */
function begin(): void {
  if (isOver) return
  open += 1
  const socket = connect({ host: '127.0.0.1', port: order.port, noDelay: true })
  let pending = true
  let pid: number | undefined
  let text = ''
  let reason = 'closed'
  let asked = performance.now()
  socket.write(request)
  socket.setEncoding('latin1')
  socket.on('data', (piece: string) => {
    text += piece
    const answer = whole(text)
    if (answer === undefined) return
    text = ''
    pending = false
    if (answer.status !== 200) fail(pid, `status ${answer.status}`)
    else {
      pid = Number(answer.body)
      answered += 1
      byPid[answer.body] = (byPid[answer.body] ?? 0) + 1
    }
    const now = performance.now()
    slowestMs = Math.max(slowestMs, now - asked)
    if (isOver || answer.closes) return void socket.end()
    asked = now
    pending = true
    socket.write(request)
  })
  socket.on('error', (error: NodeJS.ErrnoException) => (reason = error.code ?? error.message))
  socket.on('close', ended)

  function ended(): void {
    open -= 1
    if (pending) fail(pid, reason)
    // Without a pause a client would retry a dead server in a busy loop.
    if (reason === 'ECONNREFUSED') setTimeout(begin, 5)
    else begin()
    if (isOver && open === 0) end()
  }
}

/** A complete response at the start of `text`, or `undefined`. */
function whole(text: string): { status: number; body: string; closes: boolean } | undefined {
  const head = text.indexOf('\r\n\r\n')
  if (head < 0) return undefined
  const lower = text.slice(0, head).toLowerCase()
  const at = lower.indexOf('content-length: ')
  if (at < 0) throw new Error(`the answer has no length: ${text.slice(0, head)}`)
  const length = Number.parseInt(lower.slice(at + 16))
  if (text.length < head + 4 + length) return undefined
  return {
    status: Number(text.slice(9, 12)),
    body: text.slice(head + 4, head + 4 + length),
    closes: !order.keepAlive || lower.includes('connection: close'),
  }
}

function end(): void {
  const report: LoadReport = {
    answered,
    failed,
    seconds: (performance.now() - since) / 1000,
    failures,
    byPid,
    slowestMs,
  }
  process.send?.({ report } satisfies LoadMessage, () => process.exit(0))
}

function say(message: LoadMessage): void {
  process.send?.(message)
}

/** Waits for the requests in progress, and sends no more. */
function finish(): void {
  if (isOver) return
  isOver = true
  if (open === 0) end()
  // A server that never answers must not block the bench.
  setTimeout(end, PATIENCE_MS).unref()
}

const PATIENCE_MS = 10_000

setInterval(() => say({ answered }), 50).unref()
setTimeout(finish, order.seconds * 1000)
process.once('message', finish)
// The bench has ended, or this client has said all.
process.once('disconnect', () => process.exit(0))
for (let i = 0; i < order.connections; i++) begin()
