export { PythonProcess, type PythonSpec } from './process.ts'
export { installLibrary, LIBRARY_FOLDER, LOAD_OPTIONS, type Library } from './library.ts'
