import type { ProgramName, Speaker } from '../../../manager/settings.ts'
import { defaultSpeaker, VERSIONS } from '../../../manager/versions.ts'
import { Failure } from '../output/failure.ts'
import { fill, words } from '../output/language.ts'

/** The arguments of a program, and the version of it that they ask for. */
export interface ProgramArguments {
  readonly speaks: Speaker
  /** The arguments without `--as` and its value. */
  readonly typed: readonly string[]
}

/**
 * Removes `--as VERSION` from the arguments of a program; none of the programs has an option of that name. Whether we have the version is
 * checked later.
 * @throws Failure when there is no version after it.
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
