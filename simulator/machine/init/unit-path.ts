import { UNIT_FOLDER } from './api.ts'

/** Where the file of a unit is: its own, or the template (`web@.service`) that `web@8001.service` is made from. */
export function pathOfUnit(name: string, isThere: (path: string) => boolean): string {
  const own = `${UNIT_FOLDER}/${name}`
  const template = `${UNIT_FOLDER}/${name.replace(/@.+(?=\.\w+$)/, '@')}`
  return !isThere(own) && isThere(template) ? template : own
}
