/**
 * For the build alone, imported by test pages: a page that shares only a part of what labs load would cut their chunks in two, and
 * the tests would weigh more than readers load.
 */
import '../../../src/lab/sw-lab.ts'
