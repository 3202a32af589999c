import type { Call, Program } from '../program.ts'
import { fillIn } from '../words.ts'
import { readArguments } from './options.ts'

/** The folder that the terminals are in, as messages and paths name it. */
const PREFIX = './'

/** GNU's ls on the one folder there is: names in a row, or in lines with `-1` and `-l`. */
export const ls: Program = {
  name: 'ls',
  run(call) {
    const flags = new Set<string>()
    const paths: string[] = []
    for (const argument of readArguments(call.args, () => false)) {
      if ('word' in argument) paths.push(argument.word)
      else if ('option' in argument) flags.add(argument.option)
    }
    const unknown = [...flags].find((flag) => !['-1', '-l', '-a', '-A', '-h', '--all'].includes(flag))
    if (unknown !== undefined) {
      call.note(fillIn(call.words.optionNotHere, { program: 'ls', option: unknown }))
      return 2
    }
    const all = call.system.listFiles()
    const wanted =
      paths.length === 0 || paths.includes('.') || paths.includes(PREFIX) ? all : paths.map(fileName)
    const found = wanted.filter((path) => all.includes(path))
    for (const path of wanted) {
      if (!all.includes(path)) call.err(`ls: cannot access '${path}': No such file or directory\n`)
    }
    if (flags.has('-l')) call.out(found.map((path) => `${longLine(call, path)}\n`).join(''))
    else if (found.length > 0) call.out(`${found.join(flags.has('-1') ? '\n' : '  ')}\n`)
    return found.length === wanted.length ? 0 : 2
  },
}

function longLine(call: Call, path: string): string {
  const size = String(call.system.readFile(path)?.length ?? 0)
  const date = new Date(call.system.epoch)
  const month = 'JanFebMarAprMayJunJulAugSepOctNovDec'.slice(
    date.getUTCMonth() * 3,
    date.getUTCMonth() * 3 + 3,
  )
  const day = String(date.getUTCDate()).padStart(2)
  return `-rw-r--r-- 1 user user ${size.padStart(6)} ${month} ${day} ${date.toISOString().slice(11, 16)} ${path}`
}

/** GNU's cat. */
export const cat: Program = {
  name: 'cat',
  run(call) {
    let code = 0
    for (const path of call.args) {
      const text = call.system.readFile(fileName(path))
      if (text === undefined) {
        call.err(`cat: ${path}: No such file or directory\n`)
        code = 1
      } else {
        call.out(text)
      }
    }
    return code
  },
}

/** `./main.py` is `main.py`. */
export function fileName(path: string): string {
  return path.startsWith(PREFIX) ? path.slice(PREFIX.length) : path
}
