import { expect, test } from 'vitest'
import { needsOf, setUpFor } from '../../../src/lab/section.ts'

test('what commands of the prose need of a machine', () => {
  expect(needsOf('curl -i http://127.0.0.1:8000/raise')).toEqual([{ kind: 'port', port: 8000 }])
  expect(needsOf('curl http://127.0.0.1/')).toEqual([{ kind: 'port', port: 80 }])
  expect(needsOf('fastapi run --workers 4 main.py')).toEqual([{ kind: 'free-port', port: 8000 }])
  expect(needsOf('uvicorn main:app --host 0.0.0.0 --port 8080')).toEqual([{ kind: 'free-port', port: 8080 }])
  expect(needsOf('gunicorn main:app --bind 0.0.0.0:80 --preload')).toEqual([{ kind: 'free-port', port: 80 }])
  expect(needsOf('docker run -d --name web -p 127.0.0.1:8080:8000 shop')).toEqual([
    { kind: 'free-name', name: 'web' },
    { kind: 'free-port', port: 8080 },
  ])
  expect(needsOf('docker stop -t 3 web')).toEqual([{ kind: 'container', name: 'web' }])
  for (const any of ['ps -ef', 'curl -I https://shop.example/', 'kill -9 ', 'docker ps'])
    expect(needsOf(any)).toEqual([])
})

test('a machine is set up by the nearest command of the text that gives what is needed', () => {
  const server = (command: string) => ({ command, terminal: 'server' }) as const
  const docker = { command: 'docker run -d --name web shop', terminal: 'client' } as const
  const before = [server('fastapi run main.py'), server('pip install uvicorn==0.30.6'), docker]
  expect(setUpFor({ kind: 'port', port: 8000 }, before, 'uvicorn main:app')).toEqual(before[0])
  expect(setUpFor({ kind: 'port', port: 8000 }, [docker], 'uvicorn main:app')).toEqual(
    server('uvicorn main:app'),
  )
  expect(setUpFor({ kind: 'container', name: 'web' }, before, '')).toEqual(docker)
  expect(setUpFor({ kind: 'free-port', port: 8000 }, before, '')).toBeUndefined()
})
