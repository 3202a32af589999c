export { Desk, type DeskOptions } from './desk.ts'
export { Recorder, type Act } from './recorder.ts'
export { replay, type Played } from './replay.ts'
