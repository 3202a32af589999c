import type { UnitStatus } from '../../machine/init/api.ts'
import { exitShown } from '../../machine/init/words.ts'
import type { ProgramContext } from '../program.ts'
import { journalLine } from './journalctl.ts'
import { human } from './machine.ts'
import { clock } from './time.ts'

/** What `systemctl status` shows of a unit. */
export function describe(call: ProgramContext, unit: UnitStatus): string[] {
  const paint = (text: string, color: string): string =>
    call.colors && call.tty && text !== '' ? `\x1b[${color}m${text}\x1b[0m` : text
  const color =
    unit.active === 'active' || unit.active === 'reloading'
      ? '1;32'
      : unit.active === 'failed'
        ? '1;31'
        : unit.active === 'inactive'
          ? ''
          : '1;33'
  const mark = {
    active: '●',
    failed: '×',
    inactive: '○',
    activating: '●',
    deactivating: '●',
    reloading: '↻',
  }[unit.active]
  const result = unit.active === 'failed' ? ` (Result: ${unit.result})` : ` (${unit.sub})`
  const state = `${unit.active}${result}${unit.active === 'activating' && unit.sub === 'auto-restart' ? ` (Result: ${unit.result})` : ''}`
  const shown = color === '' ? state : paint(state, color)
  const lines = [
    `${color === '' ? mark : paint(mark, color)} ${unit.name} - ${unit.description}`,
    `     Loaded: ${unit.loaded} (${unit.path}; ${unit.enabled}; preset: enabled)`,
    `     Active: ${shown} since ${moment(call, unit.since)}; ${ago(call.system.now - unit.since)} ago`,
  ]
  const { duration, controlPid, text, ended } = unit
  if (duration !== undefined && (unit.active === 'inactive' || unit.active === 'failed'))
    lines.push(`   Duration: ${span(duration)}`)
  for (const { pid, kind, command, status } of ended)
    lines.push(`    Process: ${pid} ${kind}=${command} (${exitShown(status)})`)
  const processes = call.system.processes()
  const main = processes.find(({ pid }) => pid === unit.mainPid)
  if (main !== undefined) lines.push(`   Main PID: ${main.pid} (${commOf(main)})`)
  else if (unit.last?.pid !== undefined)
    lines.push(`   Main PID: ${unit.last.pid} (${exitShown(unit.last.status)})`)
  const control = processes.find(({ pid }) => pid === controlPid)
  if (control !== undefined) lines.push(`  Cntrl PID: ${control.pid} (${commOf(control)})`)
  if (text !== undefined && unit.pids.length > 0) lines.push(`     Status: "${text}"`)
  if (unit.pids.length > 0) {
    lines.push(`      Tasks: ${unit.pids.length}`)
    lines.push(`     Memory: ${human(unit.memory).replace('i', '')}`)
    lines.push(`        CPU: ${span(unit.cpu)}`)
    lines.push(`     CGroup: /system.slice/${unit.name}`)
    const members = processes.filter(({ pid }) => unit.pids.includes(pid))
    for (const [index, { pid, command }] of members.entries())
      lines.push(`             ${index === members.length - 1 ? '└─' : '├─'}${pid} ${command}`)
  } else if (unit.cpu > 0) lines.push(`        CPU: ${span(unit.cpu)}`)
  const entries = call.system.init.journal({ unit: unit.name }).slice(-10)
  if (entries.length > 0) lines.push('', ...entries.map((entry) => journalLine(call, entry, 'short')))
  return lines
}

function moment({ system }: ProgramContext, at: number): string {
  const { weekday, year, monthNumber, day, hours, minutes, seconds } = clock(system.epoch + at)
  return `${weekday} ${year}-${monthNumber}-${day.padStart(2, '0')} ${hours}:${minutes}:${seconds} UTC`
}

/** `312ms`, `4s`, `2min 3s`, `1h 5min`. */
function ago(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.floor(ms))}ms`
  const seconds = Math.floor(ms / 1000)
  if (seconds < 60) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}min${seconds % 60 === 0 ? '' : ` ${seconds % 60}s`}`
  const hours = Math.floor(minutes / 60)
  return `${hours}h${minutes % 60 === 0 ? '' : ` ${minutes % 60}min`}`
}

function span(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)}ms` : `${(ms / 1000).toFixed(3)}s`
}

/** The name of a process as the kernel keeps it. */
function commOf({ command }: { readonly command: string }): string {
  return (command.split(' ')[0]?.split('/').at(-1) ?? '').slice(0, 15)
}
