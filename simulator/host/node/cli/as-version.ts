import type { ProgramName, Speaker } from '../../../manager/settings.ts'
import { defaultSpeaker, VERSIONS } from '../../../manager/versions.ts'
import { Failure } from '../output/failure.ts'
import { fill, words } from '../output/language.ts'

/** The words behind a program's name, and the version of it that they ask for. */
export interface ProgramArguments {
  readonly speaks: Speaker
  /** Without `--as` and what it takes. */
  readonly typed: readonly string[]
}

/**
 * Takes `--as VERSION` out of the words behind a program's name; none of the programs has an option of that name. Whether we have the
 * version is for others to say.
 *
 * @throws Failure when no version stands behind it.
 */
export function askedVersion(program: ProgramName, typed: readonly string[]): ProgramArguments {
  const end = typed.indexOf('--')
  const at = typed.findIndex(
    (word, i) => (end < 0 || i < end) && (word === '--as' || word.startsWith('--as=')),
  )
  const word = typed[at]
  if (word === undefined) return { speaks: defaultSpeaker(program), typed }
  const apart = word === '--as'
  const version = apart ? typed[at + 1] : word.slice('--as='.length)
  if (version === undefined || version === '' || version.startsWith('-'))
    throw new Failure(fill(words().asWhich, { program, versions: VERSIONS[program].join(', ') }), 2)
  return { speaks: { program, version }, typed: typed.toSpliced(at, apart ? 2 : 1) }
}
