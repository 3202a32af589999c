export { readSession, type Expected, type SessionProblem } from './read-session.ts'
export {
  LIMITS,
  SESSION_VERSION,
  type Input,
  type MachineSettings,
  type SessionData,
  type TimedInput,
} from './session.ts'
