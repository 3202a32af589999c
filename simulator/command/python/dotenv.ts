import { lookUp } from '../../manager/look-up.ts'

/** The content of a file like `.env`: its variables, and the numbers of the lines that could not be parsed. */
export interface Dotenv {
  readonly variables: Readonly<Record<string, string>>
  /** Counted from 1. */
  readonly wrongLines: readonly number[]
}

const VARIABLE = /\$\{([^}:]*)(?::-([^}]*))?\}/g
const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

type Env = Readonly<Record<string, string | undefined>>

/** Parses the text as `load_dotenv()` of python-dotenv 1.2.4 does for uvicorn: variables of the environment win. */
export function parseDotenv(text: string, env: Env): Dotenv {
  const reader = new Reader(text.replace(/^\ufeff/, '').replaceAll(/\r\n?/g, '\n'))
  const variables = new Map<string, string | undefined>()
  const wrongLines: number[] = []
  while (!reader.ended) {
    const { line } = reader
    const statement = readStatement(reader)
    if (statement === undefined) {
      reader.take(/[^\n]*\n?/y)
      wrongLines.push(line)
    } else if (statement.key !== '') {
      const { key, value } = statement
      const known = (name: string) =>
        lookUp(env, name) ?? (variables.has(name) ? (variables.get(name) ?? '') : undefined)
      // A key alone has no value, even if it had one before.
      variables.set(key, value === undefined ? undefined : expanded(value, known))
    }
  }
  const set = [...variables].filter((entry): entry is [string, string] => entry[1] !== undefined)
  return { variables: Object.fromEntries(set), wrongLines }
}

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  get ended(): boolean {
    return this.#at >= this.#text.length
  }

  get next(): string {
    return this.#text.charAt(this.#at)
  }

  get line(): number {
    return [...this.#text.slice(0, this.#at).matchAll(/\n/g)].length + 1
  }

  /** Matches a sticky pattern at the present position and moves on; `undefined` when it does not match. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    this.#at += found?.length ?? 0
    return found
  }
}

/** `parse_binding`: `undefined` when there is no statement. A comment and a key alone have no value. */
function readStatement(reader: Reader): { readonly key: string; readonly value?: string } | undefined {
  reader.take(/\s*/y)
  if (reader.ended) return { key: '' }
  reader.take(/(?:export[^\S\n]+)?/y)
  const isComment = reader.next === '#'
  const key = isComment ? '' : reader.take(reader.next === "'" ? /'[^']+'/y : /[^=#\s]+/y)
  if (key === undefined) return undefined
  reader.take(/[^\S\n]*/y)
  const sign = reader.take(/=[^\S\n]*/y)
  // After a blank, a comment may take the place of the value.
  const value = sign === undefined || (sign.length > 1 && reader.next === '#') ? '' : readValue(reader)
  if (value === undefined) return undefined
  reader.take(/(?:[^\S\n]*#[^\n]*)?/y)
  if (reader.take(/[^\S\n]*(?:\n|$)/y) === undefined) return undefined
  const name = key.startsWith("'") ? key.slice(1, -1) : key
  return isComment || sign === undefined ? { key: name } : { key: name, value }
}

/** `parse_value`: `undefined` when a quotation mark is never closed. */
function readValue(reader: Reader): string | undefined {
  if (reader.next === "'")
    return reader
      .take(/'(?:\\[^]|[^'\\])*'/y)
      ?.slice(1, -1)
      .replaceAll(/\\([\\'])/g, '$1')
  if (reader.next === '"')
    return reader
      .take(/"(?:\\[^]|[^"\\])*"/y)
      ?.slice(1, -1)
      .replaceAll(/\\([\\'"abfnrtv])/g, (_, letter: string) => lookUp(ESCAPES, letter) ?? letter)
  return reader
    .take(/[^\n]*/y)
    ?.replaceAll(/\s+#.*/g, '')
    .trimEnd()
}

function expanded(value: string, known: (name: string) => string | undefined): string {
  return value.replaceAll(
    VARIABLE,
    (_, name: string, otherwise: string | undefined) => known(name) ?? otherwise ?? '',
  )
}
