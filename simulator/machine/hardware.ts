/** The hardware of the machine, which the reader can change. */
export interface Hardware {
  /** Processor cores, 1 to 16. */
  readonly cores: number
  /** Memory in bytes, 256 MiB to 64 GiB. */
  readonly memory: number
  /** Swap space in bytes, 0 to 64 GiB. */
  readonly swap: number
}

export const MIB = 1024 * 1024
export const GIB = 1024 * MIB

/** The bounds of each; memory and swap in bytes. */
export const HARDWARE_LIMITS = {
  cores: [1, 16],
  memory: [256 * MIB, 64 * GIB],
  swap: [0, 64 * GIB],
} as const

/** A small rented virtual server. */
export const USUAL_HARDWARE: Hardware = { cores: 4, memory: 4 * GIB, swap: 0 }

/** Returns the hardware as it is. @throws RangeError when a value is outside `HARDWARE_LIMITS` */
export function checkHardware(hardware: Hardware): Hardware {
  for (const name of ['cores', 'memory', 'swap'] as const) {
    const value = hardware[name]
    const [least, most] = HARDWARE_LIMITS[name]
    if (Number.isInteger(value) && value >= least && value <= most) continue
    const unit = name === 'cores' ? 'cores' : `bytes of ${name}`
    throw new RangeError(`expected ${least} to ${most} ${unit}, got ${value}`)
  }
  return hardware
}

/** The processor, as `top` and `uptime` show it. */
export interface ProcessorInfo {
  readonly cores: number
  /** Load averages over 1, 5 and 15 minutes: processes that run, wait for a core, or wait for the disk. */
  readonly load: readonly [number, number, number]
  /** Processes that run or wait for a core at this moment. */
  readonly runnable: number
  /** Processor time used since the last boot, all cores together, in ms. */
  readonly busy: number
  /** Idle processor time since the last boot, all cores together, in ms. */
  readonly idle: number
}

/** The machine's memory in bytes, as `free` shows it. */
export interface MemoryInfo {
  readonly total: number
  /** Used by processes and by the system. */
  readonly used: number
  readonly free: number
  /** The page cache: the kernel drops it when a process needs the memory. */
  readonly cache: number
  readonly available: number
  readonly swapTotal: number
  readonly swapUsed: number
}

/** A line of the kernel's own log. */
export interface KernelLine {
  /** Virtual time in ms since the machine was made; `dmesg` counts from the boot. */
  readonly at: number
  /** Without the time stamp. */
  readonly text: string
}
