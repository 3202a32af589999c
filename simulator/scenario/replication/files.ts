/** The counter in a global, and three ways of taking a second. */
export const mainJs = `import { compute } from 'server-workers/lab'

// A counter in a variable: one for each process.
let visits = 0

export const app = {
  async fetch(request) {
    const { pathname } = new URL(request.url)
    switch (pathname) {
      case '/count':
        visits += 1
        return slowly({ pid: process.pid, visits })
      case '/metrics':
        return Response.json({ pid: process.pid, requests: visits })
      case '/wait': // tells the loop that it waits
        await pause(1000)
        return Response.json({ pid: process.pid, waited: true })
      case '/compute': // needs a second of a core
        compute(1000)
        return Response.json({ pid: process.pid, computed: true })
      case '/block': // keeps the loop for itself
        block(1000)
        return Response.json({ pid: process.pid })
      case '/work':
        visits += 1
        await pause(50 + 450 * Math.random())
        return Response.json({ pid: process.pid })
      default:
        return Response.json({ pid: process.pid })
    }
  },
}

/** The answer is made at once and sent a little later, so that it can be seen in the picture. */
async function slowly(answer) {
  await pause(650)
  return Response.json(answer)
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

function block(ms) {
  const end = Date.now() + ms
  while (Date.now() < end);
}
`

export const mainPy = `# A counter in a variable: one for each process.
import asyncio
import os
import random
import time

from fastapi import FastAPI

app = FastAPI()
visits = 0


@app.get("/")
async def answer():
    return {"pid": os.getpid()}


@app.get("/count")
async def count():
    global visits
    visits += 1
    answer = {"pid": os.getpid(), "visits": visits}
    await asyncio.sleep(0.65)  # so that it can be seen in the picture
    return answer


@app.get("/metrics")
async def metrics():
    return {"pid": os.getpid(), "requests": visits}


@app.get("/wait")
async def wait():
    await asyncio.sleep(1)  # tells the loop that it waits
    return {"pid": os.getpid(), "waited": True}


@app.get("/compute")
def compute():
    end = time.process_time() + 1  # needs a second of a core
    while time.process_time() < end:
        pass
    return {"pid": os.getpid(), "computed": True}


@app.get("/block")
async def block():
    time.sleep(1)  # keeps the loop for itself
    return {"pid": os.getpid()}


@app.get("/work")
async def work():
    global visits
    visits += 1
    await asyncio.sleep(random.uniform(0.05, 0.5))
    return {"pid": os.getpid()}
`

/** A list of listeners in a variable: a broadcast reaches those of one process. */
export const roomJs = `// Who listens, in a variable.
const listeners = []

export const app = {
  async fetch(request) {
    const { pathname } = new URL(request.url)
    if (pathname === '/listen') {
      const message = await new Promise((resolve) => listeners.push(resolve))
      return Response.json({ pid: process.pid, message })
    }
    if (pathname === '/say') {
      for (const tell of listeners.splice(0)) tell('hello')
      return Response.json({ pid: process.pid, said: true })
    }
    return Response.json({ pid: process.pid })
  },
}
`

/** The room with a channel between the workers: what one hears, all hear. */
export const channelJs = `import { publish, subscribe } from 'server-workers/lab'

// Who listens here, in a variable; and a channel that all workers hear (pub/sub).
const listeners = []

export const app = {
  startup: () =>
    subscribe('room', (message) => {
      for (const tell of listeners.splice(0)) tell(message)
    }),
  async fetch(request) {
    const { pathname } = new URL(request.url)
    if (pathname === '/listen') {
      const message = await new Promise((resolve) => listeners.push(resolve))
      return Response.json({ pid: process.pid, message })
    }
    if (pathname === '/say') {
      await publish('room', 'hello')
      return Response.json({ pid: process.pid, said: true })
    }
    return Response.json({ pid: process.pid })
  },
}
`

/** The counter outside the processes. */
export const sharedJs = `import { store } from 'server-workers/lab'

// The counter in a store that all workers share, as Redis is one.
export const app = {
  async fetch(request) {
    const { pathname } = new URL(request.url)
    if (pathname === '/count') {
      const visits = await store.incr('visits')
      await pause(650) // so that it can be seen in the picture
      return Response.json({ pid: process.pid, visits })
    }
    if (pathname === '/metrics') {
      const requests = Number((await store.get('visits')) ?? 0)
      return Response.json({ pid: process.pid, requests })
    }
    return Response.json({ pid: process.pid })
  },
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
`

/** A scheduler that starts with the application. */
export const mailJs = `// Every ten seconds a mail has to go out. It is started when the module is imported.
setInterval(() => console.log('mail sent by', process.pid), 10_000)

export const app = {
  fetch: () => Response.json({ pid: process.pid }),
}
`

/** A secret that every process makes up for itself, unless the environment has one. */
export const keyJs = `// The key that signs sessions: from the environment, or made up when the application starts.
const key = process.env.SECRET_KEY ?? Math.random().toString(36).slice(2)

export const app = {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === '/login') return Response.json({ pid: process.pid, session: key, login: true })
    // As a browser does with a cookie, the client sends the session again and again.
    const session = searchParams.get('session')
    const known = session === key
    const user = known ? 'ann' : 'nobody'
    return Response.json({ pid: process.pid, user, session }, { status: known ? 200 : 401 })
  },
}
`

/** A pool of connections, as a library makes one: in every process, for that process. */
export const poolJs = `import { database } from 'server-workers/lab'

// A pool of connections: of this process alone.
const size = Number(process.env.POOL_SIZE ?? 10)
const overflow = Number(process.env.MAX_OVERFLOW ?? 15)
const idle = []
const queue = []
let open = 0

async function borrow() {
  if (idle.length > 0) return idle.pop()
  if (open >= size + overflow) return new Promise((resolve) => queue.push(resolve))
  open += 1
  return database.connect().catch((error) => {
    open -= 1
    throw error
  })
}

function giveBack(connection) {
  const next = queue.shift()
  if (next !== undefined) return next(connection)
  if (idle.length < size) return idle.push(connection)
  open -= 1
  return connection.close()
}

export const app = {
  async fetch() {
    const connection = await borrow()
    await pause(600) // a slow query
    giveBack(connection)
    return Response.json({ pid: process.pid })
  },
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
`
