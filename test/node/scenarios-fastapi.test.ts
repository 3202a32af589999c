import { testScenarios } from './real/scenarios.ts'

testScenarios(
  { program: 'fastapi', version: '0.0.34' },
  { program: 'fastapi', version: '0.0.32' },
  { program: 'fastapi', version: '0.0.7' },
)
