export { Desk, type DeskOptions } from './desk.ts'
export { Recorder, type ScheduleAction } from './recorder.ts'
export { replay, type ReplayableMachine } from './replay.ts'
