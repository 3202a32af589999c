/** What the machine is made of. The reader sets it. */
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

/** What can be set. */
export const HARDWARE_LIMITS = {
  cores: [1, 16],
  memory: [256 * MIB, 64 * GIB],
  swap: [0, 64 * GIB],
} as const

/** A small virtual server, as one rents it. */
export const USUAL_HARDWARE: Hardware = { cores: 4, memory: 4 * GIB, swap: 0 }

/** @throws RangeError when a machine like this cannot be had. */
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
  /** Load averages over 1, 5 and 15 minutes: processes that compute, want to, or wait for the disk. */
  readonly load: readonly [number, number, number]
  /** Processes that compute or wait for a core just now. */
  readonly runnable: number
  /** Processor time used since the last boot, all cores together, in ms. */
  readonly busy: number
  /** Processor time that was to be had since the last boot and was not used, in ms. */
  readonly idle: number
}

/** The machine's memory in bytes, as `free` shows it. */
export interface MemoryInfo {
  readonly total: number
  /** What processes and the system have. */
  readonly used: number
  readonly free: number
  /** Files in memory, which make room when somebody needs it. */
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
