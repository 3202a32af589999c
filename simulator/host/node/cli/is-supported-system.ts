/** Whether this system and this Node are supported: not Windows, and Node 20.16 or newer. */
export function isSupportedSystem(): boolean {
  const { platform, versions, getBuiltinModule } = process as Partial<NodeJS.Process> &
    Pick<NodeJS.Process, 'versions'>
  return platform !== 'win32' && Number.parseInt(versions.node) >= 20 && getBuiltinModule !== undefined
}
