/** The escape character, which begins every sequence here. */
export const ESC = '\u001b'

/** `text` between the given SGR codes and a reset, e.g. `sgr('INFO', '32')`. */
export function sgr(text: string, codes: string): string {
  return `${ESC}[${codes}m${text}${ESC}[0m`
}

/** `text` without its escapes: SGR and other CSI sequences, and OSC sequences such as hyperlinks. */
export function stripAnsi(text: string): string {
  return text.replace(ESCAPES, '')
}

// OSC up to BEL or ST; CSI with its parameters; any other two-character escape.
const ESCAPES = /\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b\[[0-?]*[ -/]*[@-~]|\u001b[@-Z\\-_]/g
