import { lookUp } from '../manager/look-up.ts'
import type { CommandWords } from '../command/api.ts'

/** The list of commands as `help` shows it, in parts. */
export const GROUPS = {
  servers: 'uvicorn gunicorn fastapi pip',
  processes: 'ps pstree top pgrep pidof kill pkill killall jobs fg bg wait nohup disown',
  network: 'curl hey ss netstat lsof fuser dig openssl',
  machine: 'free nproc uptime dmesg systemctl systemd-analyze systemd-notify journalctl docker reboot',
  text: 'ls cat less find mkdir chmod basename dirname head tail grep awk jq sort uniq wc cut tr tee xargs cp mv rm touch cd pwd',
  shell:
    'for while case time watch timeout sleep seq echo printf test let env export unset set trap alias ulimit history type date bash clear man help exit',
} as const

/** Sentences of our own that the shell says in the reader's language; what the programs say is always English. `{name}` and the like are filled in. */
export interface ShellWords extends CommandWords {
  /** After an unknown command: `{suggestion}` is the nearest one that exists. */
  readonly didYouMean: string
  readonly seeHelp: string
  /** What to use in place of programs that are not here, by their names; `{typed}` is what was typed. */
  readonly instead: Readonly<Record<string, string>>
  /** `systemctl edit`, which opens an editor: `{unit}`. */
  readonly noEditor: string
  /** What of awk, and of jq, there is. */
  readonly awkNotHere: string
  readonly jqNotHere: string
  /** Something that real shells can: `{what}`. */
  readonly notInThisShell: string
  /** Above the list of commands. */
  readonly help: string
  /** The titles of the parts of the list of commands. */
  readonly groups: Readonly<Record<keyof typeof GROUPS, string>>
  /** One line about each command, by its name: what it is for, a colon, how it is used. */
  readonly commands: Readonly<Record<string, string>>
  /** `help foo` for a command that is not there. */
  readonly noHelp: string
  /** More about some commands, for `man`: paragraphs with line ends between them. */
  readonly pages: Readonly<Record<string, string>>
  /** The headings of a manual page, and what stands below it. */
  readonly manual: {
    readonly name: string
    readonly use: string
    readonly more: string
    readonly differs: string
  }
  /** A server program that was not installed: `{program}`. */
  readonly notInstalled: string
  /** `sudo uvicorn`: `{program}`. */
  readonly sudoPath: string
  /** `{name}`: the page could not load the program's code. */
  readonly notLoaded: string
  /** A fault of the simulator has ended a command: `{reason}`. */
  readonly failed: string
  /** Above the share of each process in what hey was answered. */
  readonly shares: string
  /** `{pid}`, `{count}`, `{percent}`, `{bar}`. */
  readonly share: string
  /** `{requests}`, `{workers}`. */
  readonly loadTooBig: string
  /** `lsof` without `-i`. */
  readonly lsofSockets: string
  /** `pip` knows these only. */
  readonly packages: string
  /** `{program}`, `{versions}`. */
  readonly versions: string
  /** `{name}`: its version cannot be chosen. */
  readonly packageElsewhere: string
  readonly noUninstall: string
  /** A server runs on the old version. */
  readonly runsOn: string
  /** `{program}`, `{version}`, `{uvicorn}`. */
  readonly uvicornInside: string
  /** The connection of a terminal is gone. */
  readonly connectAgain: string
  readonly docker: {
    /** `docker run -v`. */
    readonly mounts: string
    /** `{options}` of the real program, which change nothing here. */
    readonly withoutEffect: string
    /** `{image}` is not here and cannot be had. */
    readonly noImage: string
    /** After `docker build`. */
    readonly build: string
    /** `docker exec -it {name} sh`. */
    readonly interactive: string
  }
  /** A signal that exists but that this machine does not model: `{signal}`. */
  readonly signalNotModelled: string
  /** An option that the real program has: `{program}`, `{option}`. */
  readonly optionNotHere: string
  /** What of Python there is. */
  readonly pythonNotHere: string
  /** A scheme that curl speaks and the machine does not: `{scheme}`. */
  readonly schemeNotHere: string
}

/** Fills in `{name}`. */
export function fillIn(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) =>
    String(lookUp(values, name) ?? placeholder),
  )
}
