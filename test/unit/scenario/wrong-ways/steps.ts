import { scenario, type Step } from '../../../../simulator/scenario/index.ts'
import { inServer } from '../../../../simulator/scenario/step.ts'

/** Ways that look as if they led to a checkpoint's goal. */
export interface WrongWay {
  readonly name: string
  readonly steps: readonly Step[]
}

export const START = inServer(scenario('server-workers').start)
export const GUNICORN = inServer(scenario('gunicorn').start)
export const clients = (after: number): Step => ({ after, do: 'clients', on: true })
export const kill = (to: string, after: number): Step => ({ after, do: 'signal', to, signal: 'KILL' })
export const signal = (to: string, name: 'TERM' | 'HUP' | 'TTIN' | 'STOP', after: number): Step => ({
  after,
  do: 'signal',
  to,
  signal: name,
})

export const unit = (verb: 'start' | 'enable'): Step => ({ after: 0, do: 'unit', verb, unit: 'awesomeapp' })
export const request = (target: string, after: number): Step => ({ after, do: 'request', target })
export const asked = (after: number): Step => request('/', after)
export const exec = (command: string, after: number): Step => ({ after, do: 'exec', command })
export const MAIL = 'uvicorn mail:app --port 8080 --workers 4'
export const HTTPS = inServer('uvicorn main:app --port 8080 --workers 2')
export const obtain = (name: string, after: number): Step => ({ after, do: 'obtain', name })
export const expire = (name: string, after: number): Step => ({ after, do: 'expire', name })
export const browser = (host: string, after: number, target = '/'): Step => ({
  after,
  do: 'ask',
  request: { host, port: 443, secure: true, target, from: '198.51.100.7' },
})
export const stranger = (after: number, target = '/'): Step => ({
  after,
  do: 'ask',
  request: {
    host: '203.0.113.10',
    port: 8080,
    target,
    from: '198.51.100.7',
    headers: [
      ['x-forwarded-for', '10.0.0.1'],
      ['x-forwarded-proto', 'https'],
    ],
  },
})
export const keep = (form: 'exec' | 'shell', more = ''): Step => ({
  after: 0,
  do: 'keep',
  keeping: {
    name: 'web',
    command: `uvicorn main:app --port 8080${more}`,
    keeper: { by: 'container', policy: 'always', form },
  },
})
