import { testScenarios } from './real/scenarios.ts'

testScenarios(
  { program: 'gunicorn', version: '20.1.0' },
  { program: 'gunicorn', version: '26.1.0' },
  { program: 'gunicorn', version: '26.1.0-asgi' },
)
