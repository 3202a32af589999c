// The application of the bench, in both shapes. It says the PID of the process that answers.
import { compute } from 'server-workers/lab'

const body = String(process.pid)

/** `/hold` keeps the process from answering anybody else for a moment, without using a processor. */
function hold() {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
}

function work(path) {
  if (path === '/') return
  if (path === '/hold') hold()
  if (path === '/compute') compute(10)
  if (path === '/busy') for (;;) continue
}

const headers = { 'content-type': 'text/plain', 'content-length': String(body.length) }

export const app = {
  fetch(request) {
    work(new URL(request.url).pathname)
    return new Response(body, { headers })
  },
}

export function listener(request, response) {
  work(request.url)
  response.writeHead(200, headers)
  response.end(body)
}
