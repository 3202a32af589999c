import { testScenarios } from './real/scenarios.ts'

testScenarios(
  { program: 'gunicorn', version: '26.2.0' },
  { program: 'gunicorn', version: '26.2.0-asgi' },
  { program: 'gunicorn', version: '26.1.0' },
  { program: 'gunicorn', version: '26.1.0-asgi' },
  { program: 'gunicorn', version: '20.1.0' },
)
