export { readSession, type Expected, type SessionProblem } from './read-session.ts'
export {
  LIMITS,
  SESSION_VERSION,
  UNIT_VERBS,
  type CertificateVerb,
  type Input,
  type MachineSettings,
  type SessionData,
  type TimedInput,
  type UnitVerb,
} from './session.ts'
