import type { ProgramContext, ShellProgram } from '../../program.ts'
import { fileKey, isFolder, resolve } from '../../run/paths.ts'
import { digest, flagsOf } from './containers.ts'
import { DockerfileError, readDockerfile, type Layer, type Stage } from './dockerfile.ts'
import { imagesOf, withTag, type Image } from './images.ts'

/** The layers that were built on a machine. */
const built = new WeakMap<object, Set<string>>()

/** `docker build -t shop -f deploy/Dockerfile .`, as BuildKit shows it at its end. A RUN is a layer, and runs nothing. */
export const build: ShellProgram = {
  name: 'docker',
  run(call) {
    const args = call.args.slice(call.args.indexOf('build') + 1)
    const flags = flagsOf(call, 'buildx build', args, {
      values: 'tag file build-arg target platform progress label cache-from cache-to network secret output',
      switches: 'no-cache pull quiet load push rm force-rm',
      short: { t: 'tag', f: 'file', q: 'quiet', o: 'output' },
    })
    if (typeof flags === 'number') return flags
    const [context, ...more] = flags.words
    if (context === undefined || more.length > 0) {
      call.err(
        `ERROR: "docker buildx build" requires exactly 1 argument.\nSee 'docker buildx build --help'.\n`,
      )
      return 1
    }
    const fail = (text: string): number => {
      call.err(`ERROR: ${text}\n`)
      return 1
    }
    if (context !== '.' && !isFolder(call.system, resolve(call.cwd, context)))
      return fail(`unable to prepare context: path "${context}" not found`)
    const folder = resolve(call.cwd, context)
    const file = flags.get('file') ?? `${context === '.' ? '' : `${context}/`}Dockerfile`
    const text = call.system.readFile(fileKey(call.cwd, file))
    const name = file.split('/').at(-1) ?? file
    if (text === undefined)
      return fail(`failed to solve: failed to read dockerfile: open ${name}: no such file or directory`)
    const buildArgs = Object.fromEntries(
      flags.all('build-arg').map((each) => [each.split('=')[0] ?? '', each.split(/=(.*)/s)[1] ?? '']),
    )
    try {
      const stages = readDockerfile(text, buildArgs)
      const last = flags.get('target') ?? stages.at(-1)?.name
      const target = stages.find((stage) => stage.name !== undefined && stage.name === last) ?? stages.at(-1)
      if (target === undefined) return fail('failed to solve: no build stage in current context')
      const image = buildStage(call, { stages, target, folder, anew: flags.has('no-cache') })
      for (const tag of flags.all('tag')) imagesOf(call.system).tag(tag, image.image)
      if (flags.has('quiet')) call.out(`sha256:${image.image.id}\n`)
      else show(call, { name, text, target, ...image, tags: flags.all('tag') })
      call.note(call.words.docker.build)
      return 0
    } catch (error) {
      if (!(error instanceof DockerfileError)) throw error
      return fail(`failed to solve: ${error.message}`)
    }
  },
}

interface Shown extends Layer {
  readonly cached: boolean
}

function buildStage(
  call: ProgramContext,
  wanted: { stages: readonly Stage[]; target: Stage; folder: string; anew: boolean },
): { image: Image; layers: readonly Shown[] } {
  const { stages, target, folder, anew } = wanted
  const earlier = stages.slice(0, stages.indexOf(target)).find(({ name }) => name === target.base)
  const base =
    earlier === undefined
      ? imagesOf(call.system).find(target.base)
      : buildStage(call, { ...wanted, target: earlier }).image
  if (base === undefined)
    throw new DockerfileError(
      `${target.base}: failed to resolve source metadata for docker.io/library/${withTag(target.base)}: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`,
    )
  const known = built.get(call.system) ?? new Set<string>()
  built.set(call.system, known)
  let chain = base.id
  const layers = target.layers.map((layer) => {
    chain = digest(
      `${chain} ${layer.text} ${layer.sources.map((source) => contents(call, folder, source)).join()}`,
    )
    const cached = known.has(chain) && !anew
    known.add(chain)
    return { ...layer, cached }
  })
  const settings = target.change(base)
  return {
    image: { ...settings, id: digest(`${chain} ${JSON.stringify(settings)}`), created: call.system.now },
    layers,
  }
}

/** The text of what a COPY takes: a file, a folder, or files by a pattern. */
function contents(call: ProgramContext, folder: string, source: string): string {
  const path = resolve(folder, source.replace(/^\/+/, ''))
  const single = call.system.readFile(fileKey(folder, path))
  if (single !== undefined) return single
  const pattern = new RegExp(
    `^${path.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '[^/]*')}(?:/|$)`,
  )
  const files = call.system.listFiles().filter((file) => pattern.test(resolve(call.system.cwd, file)))
  if (files.length === 0 && path !== folder)
    throw new DockerfileError(
      `failed to compute cache key: failed to calculate checksum of ref ${digest(path).slice(0, 24)}: "/${source.replace(/^\.?\//, '')}": not found`,
    )
  return files.map((file) => `${file} ${call.system.readFile(file) ?? ''}`).join('\n')
}

/** No time of the machine passes, and so each step says 0.0s. */
function show(
  call: ProgramContext,
  made: {
    readonly name: string
    readonly text: string
    readonly target: Stage
    readonly image: Image
    readonly layers: readonly Shown[]
    readonly tags: readonly string[]
  },
): void {
  const { name, text, target, image, layers, tags } = made
  const count = layers.length + 1
  const steps = [
    `[internal] load build definition from ${name}`,
    `=> transferring dockerfile: ${text.length}B`,
    `[internal] load metadata for docker.io/library/${withTag(target.base)}`,
    '[internal] load .dockerignore',
    `[1/${count}] FROM docker.io/library/${withTag(target.base)}`,
    ...(layers.some(({ sources }) => sources.length > 0) ? ['[internal] load build context'] : []),
    ...layers.map(({ text: layer, cached }, at) => `${cached ? 'CACHED ' : ''}[${at + 2}/${count}] ${layer}`),
    'exporting to image',
    '=> exporting layers',
    `=> writing image sha256:${image.id}`,
    ...tags.map((tag) => `=> naming to docker.io/library/${withTag(tag)}`),
  ]
  const total = steps.filter((step) => !step.startsWith('=>')).length
  const width = Math.max(40, Math.min(call.columns, 100)) - 5
  const line = (left: string, right: string): string => `${left.slice(0, width - 1).padEnd(width)}${right}\n`
  call.err(line(`[+] Building 0.0s (${total}/${total}) FINISHED`, ''))
  for (const step of steps) call.err(line(` => ${step}`, '0.0s'))
}
