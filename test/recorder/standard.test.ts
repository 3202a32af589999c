/** uvicorn with uvloop and httptools (`uvicorn[standard]`): what it prints and does is what uvicorn without them does. */
import { describe, expect, test } from 'vitest'
import { load, loadBadArguments, scenarios } from '../conformance/recording/load.ts'
import { compare } from './compare.ts'

const VERSION = '0.54.0'
const STANDARD = `${VERSION}-standard`

/** What differs with them, or cannot be seen to be the same, and why. The test fails when an entry is no longer needed. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'pipelined-hup':
    'httptools has read all requests of a connection, and they are answered; h11 reads no more.',
  'pipelined-term': 'The same.',
}

describe(`uvicorn ${STANDARD}`, () => {
  const names = scenarios('uvicorn', VERSION)

  test('was recorded with every scenario', () => {
    expect(scenarios('uvicorn', STANDARD)).toEqual(names)
  })

  test.each(names)('%s: as without uvloop and httptools', (name) => {
    const { verdict, report } = compare(load('uvicorn', VERSION, name), load('uvicorn', STANDARD, name))
    if (Object.hasOwn(EXCEPTIONS, name))
      expect(verdict, 'the exception is no longer needed').toBe('different')
    else expect(verdict, report).not.toBe('different')
  })

  test('wrong arguments', () => {
    expect(loadBadArguments('uvicorn', STANDARD).cases).toEqual(loadBadArguments('uvicorn', VERSION).cases)
  })
})
