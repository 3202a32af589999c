import type { ProcessInfo, System } from '../../machine/system.ts'

/** The processes that a program sees: in a container those of the container alone. */
export function visible(call: { readonly system: System; readonly pid: number }): readonly ProcessInfo[] {
  const all = call.system.processes()
  const own = all.find(({ pid }) => pid === call.pid)?.container
  return own === undefined ? all : all.filter(({ container }) => container === own)
}

/** The process that PID 1 is for a program: the first one of its container. */
export function firstProcess(call: { readonly system: System; readonly pid: number }): number {
  const own = call.system.processes().find(({ pid }) => pid === call.pid)?.container
  return call.system.keepers.list().find(({ keeping }) => keeping.name === own)?.pid ?? 1
}
