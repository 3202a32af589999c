import { expect, test } from 'vitest'
import { tracebackText } from '../../../simulator/manager/say.ts'

const zero = {
  name: 'ZeroDivisionError',
  message: 'division by zero',
  frames: ['File "main.py", line 2, in f\n  1 / 0'],
}
const raised = { name: 'RuntimeError', message: 'no answer', frames: ['File "main.py", line 4, in f'] }

/** As CPython prints it. */
const printed = (between: string) => `Traceback (most recent call last):
  File "main.py", line 2, in f
    1 / 0
ZeroDivisionError: division by zero

${between}

Traceback (most recent call last):
  File "main.py", line 4, in f
RuntimeError: no answer
`

test('an exception that was raised while another one was handled', () => {
  expect(tracebackText({ ...raised, during: zero })).toBe(
    printed('During handling of the above exception, another exception occurred:'),
  )
})

test('an exception that was raised from another one', () => {
  expect(tracebackText({ ...raised, cause: zero })).toBe(
    printed('The above exception was the direct cause of the following exception:'),
  )
})
