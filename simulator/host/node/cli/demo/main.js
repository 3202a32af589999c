// The application of `server-workers demo`: every answer names the process that gave it.
import { allocate, compute } from 'server-workers/lab'

const routes = {
  '/': () => text(`hello from ${process.pid}\n`),
  // A calculation: the worker answers nobody else meanwhile.
  '/compute': (url) => {
    compute(number(url, 'ms', 1000))
    return text(`${process.pid} is done computing\n`)
  },
  // Memory that is taken and kept.
  '/allocate': (url) => {
    allocate(number(url, 'mb', 50) * 2 ** 20)
    return text(`${process.pid} holds ${Math.round(process.memoryUsage().rss / 2 ** 20)} MB now\n`)
  },
  // Waiting, for a database or the like: the worker answers others meanwhile.
  '/wait': async (url) => {
    await new Promise((resolve) => setTimeout(resolve, number(url, 'ms', 1000)))
    return text(`${process.pid} is done waiting\n`)
  },
  // An exception is one failed answer; a crash is one lost worker.
  '/raise': () => {
    throw new Error('this request went wrong')
  },
  '/crash': () => process.exit(1),
}

export const app = {
  fetch(request) {
    const url = new URL(request.url)
    const route = routes[url.pathname]
    return route === undefined ? text('not here\n', 404) : route(url)
  },
}

function text(body, status = 200) {
  return new Response(body, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } })
}

function number(url, name, otherwise) {
  return Number(url.searchParams.get(name) ?? otherwise)
}
