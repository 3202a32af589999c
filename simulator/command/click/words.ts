import { lookUp } from '../../manager/look-up.ts'
import { compareVersions } from '../../manager/versions.ts'
import { pythonRepr } from '../python/repr.ts'

/** The messages that differ between the versions of click, and in typer, which has a click of its own. */
export interface ClickWords {
  /** The error for a word that should be an integer. */
  readonly notInteger: (word: string) => string
  readonly noSuchOption: (name: string) => string
  /** Appended when there are similar names, in alphabetical order. */
  readonly similar: (names: readonly string[]) => string
  readonly extraArguments: (words: readonly string[]) => string
}

const CLICK_8_4: ClickWords = {
  notInteger: (word) => `${pythonRepr(word)} is not a valid integer.`,
  noSuchOption: (name) => `No such option ${pythonRepr(name)}.`,
  similar: (names) => {
    const list = names.map(pythonRepr).join(', ')
    return names.length === 1 ? `Did you mean ${list}?` : `(Did you mean one of: ${list}?)`
  },
  extraArguments: (words) =>
    `Got unexpected extra argument${words.length === 1 ? '' : 's'} (${words.join(' ')})`,
}

const CLICK_8_1: ClickWords = {
  ...CLICK_8_4,
  noSuchOption: (name) => `No such option: ${name}`,
  similar: (names) =>
    names.length === 1 ? `Did you mean ${names.join()}?` : `(Possible options: ${names.join(', ')})`,
}

/** The click inside the typer of fastapi-cli 0.0.7 and 0.0.32. */
const TYPER: ClickWords = {
  notInteger: (word) => `${pythonRepr(word)} is not a valid int.`,
  noSuchOption: CLICK_8_1.noSuchOption,
  similar: (names) => `(Possible options: ${names.join(', ')})`,
  extraArguments: (words) => `Got unexpected extra argument(s) (${words.join(' ')})`,
}

/** The typer that a version of fastapi-cli was recorded with; since 0.0.34 it is 0.29, which has its own messages for numbers. */
export function typerOf(fastapi: string): ClickWords {
  if (compareVersions(fastapi, '0.0.34') < 0) return TYPER
  return {
    ...TYPER,
    notInteger: () => 'Input should be a valid integer, unable to parse string as an integer',
  }
}

/** The click that a version of uvicorn was recorded with; the newest one for other versions. */
export function clickOf(uvicorn: string): ClickWords {
  return lookUp({ '0.17.6': CLICK_8_1 }, uvicorn) ?? CLICK_8_4
}
