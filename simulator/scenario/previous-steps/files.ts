/** The application as it should be: nothing that all share is changed in its startup. */
export const mainJs = `// Startup code: it runs once in every worker.
export const app = {
  startup() {
    console.log('startup code runs in', process.pid)
  },
  fetch: () => Response.json({ pid: process.pid }),
}
`

export const mainPy = `# Startup code: it runs once in every worker.
import os
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app):
    print("startup code runs in", os.getpid())
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/")
@app.get("/work")
async def answer():
    return {"pid": os.getpid()}
`

/** The migration in every worker: without a lock, and with one that is right. */
export const eachJs = (options: string): string => `import { database } from 'server-workers/lab'

// The migration, in every worker.
export const app = {
  async startup() {
    await database.migrate(${options})
  },
  fetch: () => Response.json({ pid: process.pid }),
}
`

/** A schedule that starts with the application, unless the environment says that others have it. */
export const mailJs = `// Every ten seconds a mail has to go out. The timer starts when the module is imported.
if (process.env.MAIL !== 'off') {
  setInterval(() => console.log('mail sent by', process.pid), 10_000)
}

export const app = {
  fetch: () => Response.json({ pid: process.pid }),
}
`
