import type { ProgramContext } from '../../program.ts'
import { fillIn } from '../../words.ts'
import { containers, flagsOf, shortId, tooFew } from './containers.ts'
import { imagesOf, withTag, type Image } from './images.ts'
import { printFormatted, span, table } from './table.ts'

const HEADINGS = { Repository: 'REPOSITORY', Tag: 'TAG', ID: 'IMAGE ID', CreatedSince: 'CREATED' }

/** `docker images`. Sizes are left out: an image has no files of its own here. */
export function images(call: ProgramContext, args: readonly string[]): number {
  const flags = flagsOf(call, 'images', args, {
    values: 'filter format',
    switches: 'all quiet no-trunc digests',
    short: { a: 'all', q: 'quiet', f: 'filter' },
  })
  if (typeof flags === 'number') return flags
  const [wanted] = flags.words
  const rows = imagesOf(call.system)
    .list()
    .filter(({ name }) => wanted === undefined || name === wanted || name.split(':')[0] === wanted)
    .map(({ name, image }) => ({
      Repository: name.split(':')[0] ?? '',
      Tag: name.split(':')[1] ?? '',
      ID: flags.has('no-trunc') ? `sha256:${image.id}` : image.id.slice(0, 12),
      CreatedSince: `${span(call.system.now - image.created)} ago`,
    }))
  const format = flags.get('format')
  if (flags.has('quiet')) for (const { ID } of rows) call.out(`${ID}\n`)
  else if (format !== undefined) return printFormatted(call, format, rows, HEADINGS)
  else call.out(table([HEADINGS, ...rows].map((row) => Object.values(row))))
  return 0
}

/** `docker rmi shop`. */
export function removeImage(call: ProgramContext, args: readonly string[]): number {
  const flags = flagsOf(call, 'rmi', args, { switches: 'force no-prune', short: { f: 'force' } })
  if (typeof flags === 'number') return flags
  if (flags.words.length === 0) return tooFew(call, 'rmi')
  let code = 0
  for (const typed of flags.words) {
    const problem = removed(call, typed, flags.has('force'))
    if (problem === undefined) continue
    call.err(`${problem}\n`)
    code = 1
  }
  return code
}

function removed(call: ProgramContext, typed: string, force: boolean): string | undefined {
  const store = imagesOf(call.system)
  const image = store.find(typed)
  const name = store.list().find((each) => each.name === withTag(typed) || each.image === image)?.name
  if (image === undefined || name === undefined)
    return `Error response from daemon: No such image: ${withTag(typed)}`
  const used = containers(call).find(({ keeper }) => store.find(keeper.image ?? '')?.id === image.id)
  if (used !== undefined && (used.pid !== undefined || !force)) {
    const [how, by] =
      used.pid === undefined ? ['must be forced', 'container'] : ['cannot be forced', 'running container']
    return `Error response from daemon: conflict: unable to remove repository reference "${typed}" (${how}) - ${by} ${shortId(used)} is using its referenced image ${image.id.slice(0, 12)}`
  }
  store.untag(name)
  call.out(`Untagged: ${name}\n`)
  if (store.list().every((each) => each.image.id !== image.id)) call.out(`Deleted: sha256:${image.id}\n`)
  return undefined
}

/** `docker tag shop shop:1.2`. */
export function tag(call: ProgramContext, [from = '', to]: readonly string[]): number {
  if (to === undefined) {
    call.err(`"docker tag" requires exactly 2 arguments.\nSee 'docker tag --help'.\n`)
    return 1
  }
  const image: Image | undefined = imagesOf(call.system).find(from)
  if (image === undefined) {
    call.err(`Error response from daemon: No such image: ${withTag(from)}\n`)
    return 1
  }
  imagesOf(call.system).tag(to, image)
  return 0
}

/** `docker pull alpine`: what this machine can run of Docker Hub is here already. */
export function pull(call: ProgramContext, args: readonly string[]): number {
  const typed = args.find((arg) => !arg.startsWith('-'))
  if (typed === undefined) return tooFew(call, 'pull')
  const image = imagesOf(call.system).find(typed)
  if (image !== undefined) {
    call.out(`Status: Image is up to date for ${withTag(typed)}\ndocker.io/library/${withTag(typed)}\n`)
    return 0
  }
  const [base = ''] = typed.split(':')
  call.err(
    `Error response from daemon: pull access denied for ${base}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied\n`,
  )
  call.note(fillIn(call.words.docker.noImage, { image: base }))
  return 1
}
