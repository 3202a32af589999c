import { lookUp } from '../manager/look-up.ts'
import type { AppTarget, Settings } from '../manager/settings.ts'
import type { CommandContext, Mistake, Parsed } from './api.ts'
import { withoutUndefined } from './only.ts'
import type { Option, Values } from './option.ts'

type Printed = Extract<Parsed, { readonly kind: 'print' }>

/** Text for stdout: help or a version. */
export function printAndExit(text: string): Printed {
  return { kind: 'print', stream: 'stdout', text, code: 0 }
}

/** Text for stderr, with which the program ends. */
export function failWith(text: string, code: number): Printed {
  return { kind: 'print', stream: 'stderr', text, code }
}

/** That we do not have an option yet: our own words, so that nobody takes them for the original's. */
export function optionNotImplemented(option: string, context: CommandContext): Printed {
  return failWith(`${context.words.notYet.replace('{option}', option)}\n`, 2)
}

/** Why an option cannot be honoured: our own words again. `name` as typed. */
export function optionNotSupported({ refused }: Option, name: string, context: CommandContext): Printed {
  const sentence = refused === undefined ? undefined : context.words.refused?.[refused]
  return sentence === undefined
    ? optionNotImplemented(name, context)
    : failWith(`${sentence.replaceAll('{option}', name)}\n`, 2)
}

/** What is wrong with the value of an option: our own words. `values` are put into the sentence. */
export function invalidValue(
  mistake: Mistake,
  values: Readonly<Record<string, string>> & { readonly option: string },
  context: CommandContext,
): Printed {
  const sentence = context.words.mistakes?.[mistake]
  if (sentence === undefined) return optionNotImplemented(values.option, context)
  return failWith(
    `${sentence.replace(/\{(\w+)\}/g, (whole, name: string) => lookUp(values, name) ?? whole)}\n`,
    2,
  )
}

/**
 * Clients that must show a certificate are checked by authorities that somebody named. Without them Python refuses every client, and
 * Node would believe all public authorities. Nothing when that is in order.
 */
export function invalidTls(
  { certReqs = 0, caCerts = '', keyfile = '', certfile = '' }: Partial<Values>,
  options: { readonly option: string; readonly authorities: string },
  context: CommandContext,
): Printed | undefined {
  if (context.real !== true || certReqs === 0 || caCerts !== '' || keyfile + certfile === '') return undefined
  return invalidValue('noAuthorities', { ...options, value: String(certReqs) }, context)
}

/** That we do not have a version, and which we have. */
export function unknownVersion(versions: readonly string[], { speaks, words }: CommandContext): Printed {
  const values = { program: speaks.program, version: speaks.version, versions: versions.join(', ') }
  const option = `${values.program} ${values.version} (${values.versions})`
  const sentence = words.unknownVersion ?? words.notYet.replace('{option}', option)
  const text = Object.entries(values).reduce(
    (told, [name, value]) => told.replace(`{${name}}`, value),
    sentence,
  )
  return failWith(`${text}\n`, 2)
}

/** Where the original ends in a traceback: its last line. */
export function uncaughtError(name: string, message: string): Printed {
  return failWith(`Traceback (most recent call last):\n${name}: ${message}\n`, 1)
}

/** `int(text)` failed where nobody catches it. */
export function notAnInt(repr: string): Printed {
  return uncaughtError('ValueError', `invalid literal for int() with base 10: ${repr}`)
}

/** What was typed as `module:attribute`. */
export function appTarget(typed: string): AppTarget {
  const colon = typed.indexOf(':')
  if (colon < 0) return { typed, module: typed, attribute: '' }
  return { typed, module: typed.slice(0, colon), attribute: typed.slice(colon + 1) }
}

/** HTTPS is asked for by naming a key, a certificate, or both (`is_ssl` in uvicorn and in gunicorn). */
export function tlsOf(values: Partial<Values>): Settings['tls'] {
  const { keyfile = '', certfile = '', keyfilePassword, sslVersion, certReqs, caCerts, ciphers } = values
  if (keyfile === '' && certfile === '') return undefined
  return withoutUndefined({
    keyfile: keyfile || undefined,
    certfile: certfile || undefined,
    password: keyfilePassword,
    version: sslVersion,
    certReqs,
    caCerts: caCerts || undefined,
    ciphers: ciphers || undefined,
  })
}
