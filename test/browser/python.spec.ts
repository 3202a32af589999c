/** Python in the page, as a reader has it: nothing before the click, and then what is typed into main.py runs. */
import { globSync, readFileSync, statSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { currentProcess } from '../../simulator/machine/view/index.ts'
import { PYODIDE, PYTHON_BYTES } from '../../simulator/host/browser/python/size.ts'
import { rootSite } from '../setup/sites.ts'
import { watch } from './lab-page.ts'
import { isServing, openPlayground, terminalText, unfold, waitFor } from './playground-page.ts'

// An interpreter takes its time to start on a busy computer.
test.describe.configure({ timeout: 240_000 })

const APPLICATION = `import os
from fastapi import FastAPI
app = FastAPI()
@app.get("/")
async def answer():
    return {"by": "Python", "pid": os.getpid()}
@app.get("/boom")
async def boom():
    return 1 / 0
@app.get("/keep")
async def keep():
    with open("kept.txt", "a") as file:
        file.write("kept by Python\\n")
@app.get("/out")
async def out():
    import js
`

/** What the subset does not have: a model, and the documentation's description of it. */
const MODEL = `from pydantic import BaseModel
class Item(BaseModel):
    name: str
    price: float = 1
@app.post("/items")
def make(item: Item):
    return item
`

test('the size that the page names is that of the files of the version that is installed', () => {
  const folder = 'node_modules/pyodide'
  expect((JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { version: string }).version).toBe(
    PYODIDE,
  )
  const files = ['pyodide.asm.wasm', 'pyodide.asm.mjs', 'python_stdlib.zip']
  expect(files.reduce((sum, name) => sum + statSync(`${folder}/${name}`).size, 0)).toBe(PYTHON_BYTES)
})

test('Run Python: a worker answers, is killed and comes back, raises, and is refused a way out', async ({
  page,
  baseURL,
}) => {
  const trouble = watch(page, baseURL)
  const loaded: string[] = []
  page.on('request', (request) => {
    if (/\/python[/-]/i.test(new URL(request.url()).pathname)) loaded.push(request.url())
  })
  await openPlayground(page)
  await unfold(page, 'application')
  const editors = page.locator('sw-playground .files .cm-content')
  await expect(editors).toHaveCount(2)
  expect(loaded).toEqual([])

  await page.getByRole('button', { name: /^Run Python/ }).click()
  await expect(page.locator('sw-playground .badge')).toHaveText('CPython 3.14 on WebAssembly (Pyodide)', {
    timeout: 60_000,
  })
  await expect(page.locator('sw-playground .runtime')).toContainText('main:app is main.py.')
  // Of main.py it is the text that stood there; now it is the one that can be changed.
  await expect(editors.nth(0)).toHaveAttribute('aria-readonly', 'true')
  // FastAPI itself, when the site was built where pip could fetch it.
  const itself = globSync(`${rootSite.folder}/python/*/packages-*.zip`).length > 0
  await expect(page.locator('sw-playground .runtime')).toContainText(
    itself ? /with FastAPI 0\.\d+\.\d+ itself/ : "with a subset of FastAPI's interface",
  )
  await editors.nth(1).fill(itself ? APPLICATION + MODEL : APPLICATION)
  await page.getByRole('button', { name: 'Save', exact: true }).click()

  await page.locator('sw-playground .xterm-helper-textarea').first().focus()
  await page.keyboard.type(
    'gunicorn main:app --worker-class uvicorn.workers.UvicornWorker --bind 127.0.0.1:8080\n',
  )
  const before = await waitFor(page, isServing, 120_000)
  await page.getByRole('button', { name: 'New terminal' }).click()
  await page.keyboard.type('curl -s http://127.0.0.1:8080/\n')
  await expect
    .poll(() => terminalText(page, 'client'), { timeout: 30_000 })
    .toMatch(/\{"by":"Python","pid":\d+\}/)
  await page.keyboard.type('curl -s http://127.0.0.1:8080/boom http://127.0.0.1:8080/out\n')
  await expect
    .poll(() => terminalText(page, 'server'), { timeout: 30_000 })
    .toContain('ImportError: js is not available here')
  const text = await terminalText(page, 'server')
  expect(text).toContain('line 9, in boom')
  expect(text).toContain('ZeroDivisionError: division by zero')
  expect(text).not.toContain('/server-workers/')

  await page.keyboard.type('curl -s http://127.0.0.1:8080/keep; cat kept.txt\n')
  await expect.poll(() => terminalText(page, 'client')).toContain('kept by Python')

  if (itself) {
    const json = `-H 'content-type: application/json'`
    await page.keyboard.type(`curl -s ${json} -d '{"name": "spoon"}' http://127.0.0.1:8080/items\n`)
    await expect.poll(() => terminalText(page, 'client')).toContain('{"name":"spoon","price":1.0}')
    await page.keyboard.type(`curl -s ${json} -d '{}' http://127.0.0.1:8080/items\n`)
    await expect
      .poll(() => terminalText(page, 'client'))
      .toContain('{"detail":[{"type":"missing","loc":["body","name"],"msg":"Field required","input":{}}]}')
  }

  const victim = currentProcess(before.slots[0]!)!.pid
  await page.getByRole('button', { name: `Kill worker ${victim}` }).click()
  const after = await waitFor(page, ({ happened }) => happened.clauses.at(-1)?.key === 'back', 120_000)
  expect(currentProcess(after.slots[0]!)!.pid).not.toBe(victim)

  // The next visit asks before it loads Python again.
  await page.reload()
  const offer = page.locator('sw-playground .offer')
  await expect(offer).toContainText('It runs Python')
  expect(trouble).toEqual([])
})
