export type { ExpectedValue, SessionProblem } from './read-session.ts'
export {
  KEEPER_KINDS,
  KEEPER_VERBS,
  LIMITS,
  SESSION_VERSION,
  UNIT_VERBS,
  type CertificateVerb,
  type SessionInput,
  type KeeperKind,
  type KeeperVerb,
  type MachineSettings,
  type SessionData,
  type TimedInput,
  type UnitVerb,
} from './session.ts'
