/** Ways to fail: an error that stays in its request, a crash, a loop that never rests. */
export const mainJs = `// Ways to fail.
export const app = {
  async fetch(request) {
    const { pathname } = new URL(request.url)
    const [, what, amount] = pathname.split('/')
    switch (what) {
      case 'raise': // costs this request
        throw new Error('boom')
      case 'crash': // costs this process
        process.exit(1)
      case 'busy': // computes for so many seconds, and does nothing else
        block(Number(amount) * 1000)
        return answer()
      case 'slow': // waits for so many seconds, and says so
        await pause(Number(amount) * 1000)
        return answer()
      case 'work':
        await pause(50 + 450 * Math.random())
        return answer()
      default:
        return answer()
    }
  },
}

const answer = () => Response.json({ pid: process.pid })

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

function block(ms) {
  const end = Date.now() + ms
  while (Date.now() < end);
}
`

export const mainPy = `# Ways to fail.
import asyncio
import os
import random
import time

from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def answer():
    return {"pid": os.getpid()}


@app.get("/raise")
async def fail():  # costs this request
    raise ValueError("boom")


@app.get("/crash")
async def crash():  # costs this process
    os._exit(1)


@app.get("/busy/{seconds}")
async def busy(seconds: int):  # computes, and does nothing else
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass
    return {"pid": os.getpid()}


@app.get("/slow/{seconds}")
async def slow(seconds: int):  # waits, and says so
    await asyncio.sleep(seconds)
    return {"pid": os.getpid()}


@app.get("/work")
async def work():
    await asyncio.sleep(random.uniform(0.05, 0.5))
    return {"pid": os.getpid()}
`

/** An application whose startup fails. */
export const downJs = `// The database is away.
export const app = {
  startup() {
    throw new Error('cannot reach database')
  },
  fetch: () => Response.json({ pid: process.pid }),
}
`

/** An application whose process ends while it is imported. */
export const loopJs = `// Ends while it is imported.
process.exit(1)

export const app = {
  fetch: () => Response.json({ pid: process.pid }),
}
`
