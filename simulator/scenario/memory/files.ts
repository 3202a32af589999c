/** A model that every process loads, and a leak. */
export const mainJs = `import { allocate } from 'server-workers/lab'

// The model: loaded when the module is imported.
allocate(120_000_000)

export const app = {
  async fetch(request) {
    const { pathname } = new URL(request.url)
    if (pathname === '/leak') allocate(8_000_000) // never given back
    await pause(30 + 100 * Math.random())
    return Response.json({ pid: process.pid })
  },
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
`

export const mainPy = `# The model: loaded when the module is imported.
import asyncio
import os
import random

from fastapi import FastAPI

model = bytearray(os.urandom(2**20)) * 114  # 120 MB
leaked = []

app = FastAPI()


@app.get("/")
async def answer():
    await asyncio.sleep(random.uniform(0.03, 0.13))
    return {"pid": os.getpid()}


@app.get("/leak")
async def leak():
    leaked.append(bytearray(os.urandom(2**20)) * 8)  # never given back
    return {"pid": os.getpid()}
`
