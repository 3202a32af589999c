import { lookUp } from './look-up.ts'
import type { ProgramName, Settings, Speaker } from './settings.ts'
import { traitsOf } from './traits.ts'

/** The versions that are reproduced; the first one is the default of its program. */
export const VERSIONS: Readonly<Record<ProgramName, readonly string[]>> = {
  uvicorn: ['0.54.0', '0.51.0', '0.30.6', '0.17.6'],
  gunicorn: ['26.2.0', '26.1.0', '20.1.0'],
  fastapi: ['0.0.34', '0.0.32', '0.0.7'],
}

/** The default version of a program, on the page and for the command. */
export function defaultSpeaker(program: ProgramName): Speaker {
  const version = VERSIONS[program][0]
  if (version === undefined) throw new Error(`no version of ${program} is known`)
  return { program, version }
}

/** @throws RangeError when we do not have this version of the program; the message names those that we have. */
export function checkVersion(program: ProgramName, version: string): void {
  const there = VERSIONS[program]
  if (!there.includes(version))
    throw new RangeError(`expected a version of ${program} from ${there.join(', ')}, got ${version}`)
}

/**
 * The uvicorn that does the serving inside a program: fastapi-cli 0.0.7 was recorded with uvicorn 0.34.0,
 * 0.0.32 with 0.51.0, 0.0.34 with 0.54.0; gunicorn 20.1.0 with the worker class of uvicorn 0.17.6, 26.1.0 with that of 0.51.0, 26.2.0
 * with that of 0.54.0.
 */
export function uvicornInside(speaks: Speaker): string {
  if (!traitsOf(speaks).needsUvicorn) return speaks.version
  const inside = lookUp(INSIDE, `${speaks.program} ${speaks.version}`)
  if (inside === undefined) throw new Error(`no uvicorn is known inside ${speaks.program} ${speaks.version}`)
  return inside
}

const INSIDE: Readonly<Record<string, string>> = {
  'fastapi 0.0.7': '0.34.0',
  'fastapi 0.0.32': '0.51.0',
  'fastapi 0.0.34': '0.54.0',
  'gunicorn 20.1.0': '0.17.6',
  'gunicorn 26.1.0': '0.51.0',
  'gunicorn 26.2.0': '0.54.0',
}

/** Which server a worker runs: uvicorn's, or gunicorn's own ASGI worker (26.1.0). */
export function workerKind({ gunicorn }: Settings): 'uvicorn' | 'asgi' {
  return ASGI_CLASSES.includes(gunicorn?.workerClass ?? '') ? 'asgi' : 'uvicorn'
}

const ASGI_CLASSES: readonly string[] = ['asgi', 'gunicorn.workers.gasgi.ASGIWorker']

/** The proxies whose X-Forwarded headers are trusted by default. */
export function trustedProxies(speaks: Speaker): string {
  const { of, since } = TRUSTS_IPV6[speaks.program]
  const version = of === 'itself' ? speaks.version : uvicornInside(speaks)
  return compareVersions(version, since) >= 0 ? '127.0.0.1,::1' : '127.0.0.1'
}

/** The version since which IPv6 proxies are trusted too: of the program itself, or of the uvicorn inside it. */
const TRUSTS_IPV6: Readonly<
  Record<ProgramName, { readonly of: 'itself' | 'uvicorn'; readonly since: string }>
> = {
  uvicorn: { of: 'itself', since: '0.53.0' },
  fastapi: { of: 'uvicorn', since: '0.53.0' },
  gunicorn: { of: 'itself', since: '26.1.0' },
}

/** Compares dotted versions: negative when `a` is older than `b`. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number)
  const right = b.split('.').map(Number)
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
