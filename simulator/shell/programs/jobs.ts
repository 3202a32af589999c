import type { ShellProgram } from '../program.ts'

/** bash's `jobs`, with `-l` and `-p`. */
export const jobs: ShellProgram = {
  name: 'jobs',
  builtin: true,
  run(call) {
    const { jobs: list } = call.shell
    for (const job of list.all) {
      if (call.args.includes('-p')) call.out(`${job.group}\n`)
      else call.out(list.line(job, call.args.includes('-l')))
      if (job.ended !== undefined) list.remove(job)
    }
    return 0
  },
}

/** bash's `disown`: a hang-up of the terminal is none of a job's business any more. */
export const disown: ShellProgram = {
  name: 'disown',
  builtin: true,
  run(call) {
    const { jobs: list } = call.shell
    const specs = call.args.filter((arg) => !arg.startsWith('-'))
    const chosen = call.args.includes('-a')
      ? [...list.all]
      : specs.length > 0
        ? specs.map((spec) => list.find(spec))
        : [list.current]
    let code = 0
    for (const [index, job] of chosen.entries()) {
      if (job === undefined) {
        call.err(`bash: disown: ${specs[index] ?? 'current'}: no such job\n`)
        code = 1
        continue
      }
      job.disowned = true
      if (!call.args.includes('-h')) list.remove(job)
    }
    return code
  },
}

/** bash's `type`, and Debian's `which`. */
export const type: ShellProgram = {
  name: 'type',
  builtin: true,
  run(call) {
    let code = 0
    for (const name of call.args.filter((arg) => !arg.startsWith('-'))) {
      const program = call.programs.find((each) => each.name === name)
      if (program?.builtin === true) call.out(`${name} is a shell builtin\n`)
      else if (program !== undefined || call.shell.isServer(name))
        call.out(`${name} is ${place(name, call.shell.isServer(name))}\n`)
      else if (call.shell.commands.includes(name)) call.out(`${name} is a shell builtin\n`)
      else {
        call.err(`bash: type: ${name}: not found\n`)
        code = 1
      }
    }
    return code
  },
}

export const which: ShellProgram = {
  name: 'which',
  run(call) {
    let code = 0
    for (const name of call.args.filter((arg) => !arg.startsWith('-'))) {
      const isServer = call.shell.isServer(name)
      const program = call.programs.find((each) => each.name === name)
      if (isServer || (program !== undefined && program.builtin !== true))
        call.out(`${place(name, isServer)}\n`)
      else code = 1
    }
    return code
  },
}

function place(name: string, isServer: boolean): string {
  if (isServer || name.startsWith('pip') || name.startsWith('python'))
    return `/home/user/code/awesomeapp/.venv/bin/${name}`
  return name === 'hey' ? `/usr/local/bin/${name}` : `/usr/bin/${name}`
}
