/** The application of the lab. It runs in the page's Web Workers, and as it stands with `npx server-workers`. */
export const mainJs = `// Answers with the number of the process that handled the request.
export const app = {
  async fetch(request) {
    const { pathname } = new URL(request.url)
    if (pathname === '/') return answer()
    if (pathname === '/work') {
      await pause(50 + 450 * Math.random())
      return answer()
    }
    return Response.json({ detail: 'Not Found' }, { status: 404 })
  },
}

const answer = () => Response.json({ pid: process.pid })

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
`

/** The same in Python, as it would be written for uvicorn, gunicorn and fastapi. */
export const mainPy = `# Answers with the number of the process that handled the request.
import asyncio
import os
import random

from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def answer():
    return {"pid": os.getpid()}


@app.get("/work")
async def work():
    await asyncio.sleep(random.uniform(0.05, 0.5))
    return {"pid": os.getpid()}
`
