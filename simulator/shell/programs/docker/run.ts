import { lookUp } from '../../../manager/look-up.ts'
import type { HealthCheck } from '../../../machine/keeper/api.ts'
import type { ProgramContext } from '../../program.ts'
import { fillIn } from '../../words.ts'
import { SIGNAL_NAMES, signalName, signalNumber } from '../signal-names.ts'
import { containers, find, flagsOf, type ContainerKeeper } from './containers.ts'
import { pairsOf } from './environment.ts'
import type { Flags, KnownFlags } from './flags.ts'
import { imagesOf } from './images.ts'
import { makeContainer } from './make.ts'
import { attach, duration } from './output.ts'
import { choosePorts, readPublish } from './ports.ts'

/** What is honoured. */
const HONOURED = {
  values:
    'name restart publish memory env env-file stop-timeout stop-signal user workdir network net network-alias entrypoint health-cmd health-interval health-retries health-timeout health-start-period label hostname',
  switches: 'detach interactive tty rm init no-healthcheck publish-all',
}

/** What is read, and changes nothing on this machine. */
const WITHOUT_EFFECT = {
  values:
    'volume mount cpus cpu-shares cpuset-cpus gpus platform pull shm-size ulimit memory-swap memory-reservation add-host dns ip log-driver log-opt tmpfs cap-add cap-drop security-opt expose pids-limit pid ipc device sysctl oom-score-adj group-add runtime annotation label-file link volumes-from domainname cidfile attach userns',
  switches: 'privileged read-only quiet oom-kill-disable sig-proxy',
}

const RUN: KnownFlags = {
  values: `${HONOURED.values} ${WITHOUT_EFFECT.values}`,
  switches: `${HONOURED.switches} ${WITHOUT_EFFECT.switches}`,
  short: {
    ...{ d: 'detach', i: 'interactive', t: 'tty', P: 'publish-all', q: 'quiet', p: 'publish', m: 'memory' },
    ...{
      e: 'env',
      u: 'user',
      w: 'workdir',
      l: 'label',
      h: 'hostname',
      v: 'volume',
      c: 'cpu-shares',
      a: 'attach',
    },
  },
  untilWord: true,
}

/** `docker run -d --name web -p 8080:8000 awesomeapp`. Without `-d` it shows the container's output and ends with its code. */
export function run(call: ProgramContext, args: readonly string[]): number | undefined {
  const flags = flagsOf(call, 'run', args, RUN)
  if (typeof flags === 'number') return flags
  const [reference, ...command] = flags.words
  const refuse = (text: string, code = 125): number => {
    call.err(`${text}\nSee 'docker run --help'.\n`)
    return code
  }
  if (reference === undefined) return refuse('"docker run" requires at least 1 argument.')
  const read = readRun(call, flags)
  if ('problem' in read) return refuse(read.problem)
  if (flags.has('tty') && !flags.has('detach') && call.terminal === undefined) {
    call.err('the input device is not a TTY\n')
    return 1
  }
  const image = imagesOf(call.system).find(reference)
  if (image === undefined) return unknownImage(call, reference)
  sayWithoutEffect(call, flags)
  const { name = freeName(call), ...settings } = read
  const exposed = flags.has('publish-all') ? image.exposed.map((inner) => ({ host: 0, inner })) : []
  const made = makeContainer(call, {
    ...settings,
    ...{ name, reference, image },
    ports: choosePorts(call, [...settings.ports, ...exposed]),
    ...(command.length > 0 ? { command } : {}),
  })
  if ('problem' in made) return refuse(`docker: Error response from daemon: ${made.problem}`, made.code)
  if (flags.has('detach')) {
    call.out(`${made.id}\n`)
    return 0
  }
  attach(call, name, { from: 0, proxy: true, terminal: flags.has('tty') })
  return undefined
}

type Read = Omit<Parameters<typeof makeContainer>[1], 'name' | 'image' | 'reference'> & {
  readonly name?: string
}

function readRun(call: ProgramContext, flags: Flags): Read | { readonly problem: string } {
  const [policy = 'no', maximum] = (flags.get('restart') ?? 'no').split(':')
  if (!isPolicy(policy))
    return { problem: `docker: Error response from daemon: invalid restart policy '${policy}'.` }
  if (maximum !== undefined && policy !== 'on-failure')
    return {
      problem: `docker: Error response from daemon: maximum retry count cannot be used with restart policy '${policy}'.`,
    }
  if (flags.has('rm') && policy !== 'no')
    return { problem: 'docker: Conflicting options: --restart and --rm.' }
  const memory = bytes(flags.get('memory'))
  if (Number.isNaN(memory))
    return {
      problem: `invalid argument "${flags.get('memory') ?? ''}" for "-m, --memory" flag: invalid size: '${flags.get('memory') ?? ''}'`,
    }
  if (memory !== undefined && memory < 6 * 1024 ** 2)
    return { problem: 'docker: Error response from daemon: Minimum memory limit allowed is 6MB.' }
  const ports = flags.all('publish').map((text) => ({ text, port: readPublish(text) }))
  const wrong = ports.find(({ port }) => port === undefined)
  if (wrong !== undefined) {
    const inner = wrong.text.split(':').at(-1) ?? ''
    return {
      problem: /^\d+$/.test(inner)
        ? `docker: invalid hostPort: ${wrong.text.split(':').at(-2) ?? inner}.`
        : `docker: invalid containerPort: ${inner}.`,
    }
  }
  const env = pairsOf(call, flags)
  if ('problem' in env) return { problem: `docker: ${env.problem}.` }
  const timeout = flags.get('stop-timeout')
  if (timeout !== undefined && !/^-?\d+$/.test(timeout))
    return {
      problem: `invalid argument "${timeout}" for "--stop-timeout" flag: strconv.ParseInt: parsing "${timeout}": invalid syntax`,
    }
  const name = flags.get('name')
  if (name !== undefined && !/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name))
    return {
      problem: `docker: Error response from daemon: Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed.`,
    }
  const signal = flags.get('stop-signal')
  const entrypoint = flags.get('entrypoint')
  const health = healthOf(flags)
  const names = flags.all('network-alias')
  const labels = Object.fromEntries(
    flags.all('label').map((text) => [text.split('=')[0] ?? '', text.split(/=(.*)/s)[1] ?? '']),
  )
  const hostname = flags.get('hostname')
  return {
    ...(name === undefined ? {} : { name }),
    policy,
    maximum: maximum === undefined ? undefined : Number(maximum),
    memory,
    env: { ...(hostname === undefined ? {} : { HOSTNAME: hostname }), ...env.pairs },
    ports: ports.flatMap(({ port }) => (port === undefined ? [] : [port])),
    network: flags.get('network') ?? flags.get('net') ?? 'bridge',
    init: flags.has('init'),
    autoRemove: flags.has('rm'),
    grace: timeout === undefined ? undefined : Number(timeout),
    user: flags.get('user')?.split(':')[0],
    workdir: flags.get('workdir'),
    stopSignal:
      signal === undefined
        ? undefined
        : SIGNAL_NAMES.find((each) => each === signalName(signalNumber(signal) ?? 0)),
    ...(entrypoint === undefined ? {} : { entrypoint: entrypoint === '' ? [] : [entrypoint] }),
    ...(health === undefined ? {} : { health }),
    ...(names.length === 0 ? {} : { names }),
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
  }
}

/** Docker's own times for a health check, in ms. */
export const USUAL_HEALTH = { interval: 30_000, timeout: 30_000, retries: 3, startPeriod: 0 }

function healthOf(flags: Flags): HealthCheck | undefined {
  const test = flags.get('health-cmd')
  if (test === undefined || flags.has('no-healthcheck')) return undefined
  const time = (name: string, usual: number): number => duration(flags.get(name) ?? '') ?? usual
  return {
    test: ['/bin/sh', '-c', test],
    interval: time('health-interval', USUAL_HEALTH.interval),
    timeout: time('health-timeout', USUAL_HEALTH.timeout),
    retries: Number(flags.get('health-retries') ?? USUAL_HEALTH.retries),
    startPeriod: time('health-start-period', USUAL_HEALTH.startPeriod),
  }
}

export function isPolicy(text: string): text is ContainerKeeper['policy'] {
  return ['no', 'on-failure', 'always', 'unless-stopped'].includes(text)
}

/** `512m`, `1g`, `64MiB` in bytes; NaN for another text. */
export function bytes(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?) ?([kmgt]?)i?b?$/i.exec(text) ?? []
  if (number === undefined) return NaN
  const factors = { k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 }
  return Math.floor(Number(number) * (lookUp(factors, unit.toLowerCase()) ?? 1))
}

/** Says which options of the real program change nothing here. */
function sayWithoutEffect(call: ProgramContext, flags: Flags): void {
  const { docker } = call.words
  const names = [...WITHOUT_EFFECT.values.split(' '), ...WITHOUT_EFFECT.switches.split(' ')]
  const idle = flags.names.filter((name) => names.includes(name))
  const mounts = idle.some((name) => name === 'volume' || name === 'mount')
  if (mounts) call.note(docker.mounts)
  const others = idle.filter((name) => name !== 'volume' && name !== 'mount')
  if (others.length > 0)
    call.note(fillIn(docker.withoutEffect, { options: others.map((name) => `--${name}`).join(', ') }))
}

/** As Docker answers when the registry has no such image either. */
export function unknownImage(call: ProgramContext, reference: string): number {
  const [, base = reference, tag = 'latest'] = /^(.*?)(?::([^/]+))?$/.exec(reference) ?? []
  call.err(
    `Unable to find image '${base}:${tag}' locally\ndocker: Error response from daemon: pull access denied for ${base}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied.\nSee 'docker run --help'.\n`,
  )
  call.note(fillIn(call.words.docker.noImage, { image: base }))
  return 125
}

const FIRST_NAMES = 'brave calm eager gentle happy keen lucid modest quiet swift'.split(' ')
const LAST_NAMES = 'babbage bell curie darwin euler galileo hopper kepler lovelace noether turing'.split(' ')

/** A name as Docker makes them; the same for the same machine. */
function freeName(call: ProgramContext): string {
  for (let at = containers(call).length; ; at++) {
    const name = `${FIRST_NAMES[(at * 7) % FIRST_NAMES.length]}_${LAST_NAMES[(at * 3) % LAST_NAMES.length]}`
    if (find(call, name) === undefined) return at < 100 ? name : `${name}${at}`
  }
}
