import { gracePeriod } from '../../../machine/keeper/rules.ts'
import type { ProgramContext } from '../../program.ts'
import { exitCode, find, flagsOf, idOf, stateOf, tooFew, type Container } from './containers.ts'
import { imagesOf, type Image } from './images.ts'
import { stamp } from './output.ts'
import { fill, TemplateError, type Value } from './template.ts'

/** `docker inspect -f '{{.State.ExitCode}}' web`. */
export function inspect(call: ProgramContext, args: readonly string[]): number {
  const flags = flagsOf(call, 'inspect', args, {
    values: 'format type',
    switches: 'size',
    short: { f: 'format', s: 'size' },
  })
  if (typeof flags === 'number') return flags
  if (flags.words.length === 0) return tooFew(call, 'inspect')
  const found: Value[] = []
  const format = flags.get('format')
  let code = 0
  for (const typed of flags.words) {
    const container = flags.get('type') === 'image' ? undefined : find(call, typed)
    const image = container === undefined ? imagesOf(call.system).find(typed) : undefined
    if (container === undefined && image === undefined) {
      if (format === undefined && code === 0 && found.length === 0) call.out('[]\n')
      call.err(`Error: No such object: ${typed}\n`)
      code = 1
      continue
    }
    const value =
      container === undefined
        ? image === undefined
          ? null
          : imageValue(call, typed, image)
        : containerValue(call, container)
    if (format === undefined) found.push(value)
    else
      try {
        call.out(`${fill(format, value)}\n`)
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error
        call.out('\n')
        call.err(`${error.message}\n`)
        code = 1
      }
  }
  if (found.length > 0) call.out(`${JSON.stringify(found, null, 4)}\n`)
  return code
}

/** The time that Docker shows for what has not happened. */
const NEVER = '0001-01-01T00:00:00Z'

function containerValue(call: ProgramContext, container: Container): Value {
  const { keeper, keeping, name, pid, startedAt, finishedAt, health, address } = container
  const argv = keeping.argv ?? keeping.command.split(' ')
  const state = stateOf(container)
  const image = imagesOf(call.system).find(keeper.image ?? 'awesomeapp')
  const bindings = Object.fromEntries(
    (keeper.ports ?? []).map(({ host, inner, ip = '0.0.0.0' }) => [
      `${inner}/tcp`,
      [{ HostIp: ip, HostPort: String(host) }],
    ]),
  )
  const gateway = address?.replace(/\d+$/, '1') ?? ''
  const network = keeper.network ?? 'host'
  return {
    Id: idOf(container),
    Created: stamp(call, container.createdAt),
    Path: argv[0] ?? '',
    Args: argv.slice(1),
    State: {
      Status: state,
      Running: pid !== undefined,
      Paused: false,
      Restarting: state === 'restarting',
      OOMKilled: container.oomKilled,
      Dead: false,
      Pid: pid ?? 0,
      ExitCode: exitCode(container),
      Error: '',
      StartedAt: state === 'created' ? NEVER : stamp(call, startedAt),
      FinishedAt: finishedAt === undefined ? NEVER : stamp(call, finishedAt),
      ...(health === undefined
        ? {}
        : {
            Health: {
              Status: health.status,
              FailingStreak: health.failing,
              Log: health.log.map(({ start, end, exitCode: code, output }) => ({
                Start: stamp(call, start),
                End: stamp(call, end),
                ExitCode: code,
                Output: output,
              })),
            },
          }),
    },
    Image: `sha256:${image?.id ?? ''}`,
    Name: `/${name}`,
    RestartCount: container.restarts,
    HostConfig: {
      NetworkMode: network,
      PortBindings: bindings,
      RestartPolicy: { Name: keeper.policy, MaximumRetryCount: keeper.maximum ?? 0 },
      AutoRemove: keeper.autoRemove === true,
      Memory: keeper.memory ?? 0,
      Init: keeper.init === true,
    },
    Config: {
      Hostname: keeping.env?.['HOSTNAME'] ?? '',
      User: keeping.user ?? '',
      Env: Object.entries(keeping.env ?? {})
        .filter(([key]) => key !== 'HOSTNAME' && key !== 'HOME')
        .map(([key, value]) => `${key}=${value}`),
      Cmd: [...(image?.cmd ?? argv)],
      Image: keeper.image ?? 'awesomeapp',
      WorkingDir: image?.workdir ?? '',
      Entrypoint: image?.entrypoint === undefined ? null : [...image.entrypoint],
      Labels: { ...keeper.labels },
      StopSignal: `SIG${keeper.stopSignal ?? 'TERM'}`,
      StopTimeout: gracePeriod(keeper) / 1000,
    },
    NetworkSettings: {
      Ports: pid === undefined ? {} : bindings,
      IPAddress: network === 'bridge' ? (address ?? '') : '',
      Gateway: network === 'bridge' ? gateway : '',
      Networks: {
        [network]: { IPAddress: address ?? '', Gateway: gateway, Aliases: [...(keeper.names ?? [])] },
      },
    },
  }
}

function imageValue(call: ProgramContext, typed: string, image: Image): Value {
  const { id, created, entrypoint, cmd, env, user, workdir, exposed, health, stopSignal, labels } = image
  return {
    Id: `sha256:${id}`,
    RepoTags: [typed.includes(':') ? typed : `${typed}:latest`],
    Created: stamp(call, created),
    Config: {
      User: user ?? '',
      ExposedPorts: Object.fromEntries(exposed.map((port) => [`${port}/tcp`, {}])),
      Env: Object.entries(env).map(([key, value]) => `${key}=${value}`),
      Cmd: cmd === undefined ? null : [...cmd],
      Entrypoint: entrypoint === undefined ? null : [...entrypoint],
      WorkingDir: workdir ?? '',
      ...(health === undefined ? {} : { Healthcheck: { Test: ['CMD', ...health.test] } }),
      ...(stopSignal === undefined ? {} : { StopSignal: `SIG${stopSignal}` }),
      Labels: { ...labels },
    },
    Architecture: 'amd64',
    Os: 'linux',
  }
}
