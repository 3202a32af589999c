import { testScenarios } from './real/scenarios.ts'

testScenarios(
  { program: 'uvicorn', version: '0.54.0' },
  { program: 'uvicorn', version: '0.51.0' },
  { program: 'uvicorn', version: '0.30.6' },
  { program: 'uvicorn', version: '0.17.6' },
)
