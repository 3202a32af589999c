import { lookUp } from '../manager/look-up.ts'
import type { AppTarget, Settings } from '../manager/settings.ts'
import type { CommandContext, Mistake, Parsed } from './api.ts'
import { withoutUndefined } from './only.ts'
import type { Option, Values } from './option.ts'

type Printed = Extract<Parsed, { readonly kind: 'print' }>

/** The result of help or a version: text on stdout, exit code 0. */
export function printAndExit(text: string): Printed {
  return { kind: 'print', stream: 'stdout', text, code: 0 }
}

/** The result of an error: text on stderr and an exit code. */
export function failWith(text: string, code: number): Printed {
  return { kind: 'print', stream: 'stderr', text, code }
}

/** The result for an option that we do not have yet: in our own words, so that nobody takes them for the original's. */
export function optionNotImplemented(option: string, context: CommandContext): Printed {
  return failWith(`${context.words.notYet.replace('{option}', option)}\n`, 2)
}

/** The result for an option that is refused for a reason, in our own words. `name` is as typed. */
export function optionNotSupported({ refused }: Option, name: string, context: CommandContext): Printed {
  const sentence = refused === undefined ? undefined : context.words.refused?.[refused]
  return sentence === undefined
    ? optionNotImplemented(name, context)
    : failWith(`${sentence.replaceAll('{option}', name)}\n`, 2)
}

/** The result for a wrong value of an option, in our own words. `values` fill in the message. */
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
 * Refuses `--ssl-cert-reqs` without `--ssl-ca-certs`: Python would then refuse every client, and Node would trust all public authorities.
 * `undefined` when the options are in order.
 */
export function invalidTls(
  { certReqs = 0, caCerts = '', keyfile = '', certfile = '' }: Partial<Values>,
  options: { readonly option: string; readonly authorities: string },
  context: CommandContext,
): Printed | undefined {
  if (context.real !== true || certReqs === 0 || caCerts !== '' || keyfile + certfile === '') return undefined
  return invalidValue('noAuthorities', { ...options, value: String(certReqs) }, context)
}

/** The result for a version that we do not have: names those that we have. */
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

/** The last line of the traceback in which the original ends. */
export function uncaughtError(name: string, message: string): Printed {
  return failWith(`Traceback (most recent call last):\n${name}: ${message}\n`, 1)
}

/** The error of `int(text)` that nothing catches. */
export function notAnInt(repr: string): Printed {
  return uncaughtError('ValueError', `invalid literal for int() with base 10: ${repr}`)
}

/** Splits `module:attribute`. */
export function appTarget(typed: string): AppTarget {
  const colon = typed.indexOf(':')
  if (colon < 0) return { typed, module: typed, attribute: '' }
  return { typed, module: typed.slice(0, colon), attribute: typed.slice(colon + 1) }
}

/** HTTPS is on when a key or a certificate is named (`is_ssl` in uvicorn and in gunicorn). */
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
