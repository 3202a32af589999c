import type { GuestSpec } from '../virtual/guest.ts'

/** The absolute path of an application's file. */
export function pathOf({ cwd, file }: Pick<GuestSpec, 'cwd' | 'file'>): string {
  return file.startsWith('/') ? file : `${cwd.replace(/\/$/, '')}/${file}`
}
