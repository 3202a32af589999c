/** What reads and runs units, in a file of its own so that it can be loaded late. */
export { readUnit } from '../../machine/init/unit-file.ts'
export { Unit } from './unit.ts'
