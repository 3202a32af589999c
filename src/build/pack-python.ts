/**
 * `node src/build/pack-python.ts ARCHIVE LICENCES WHEEL…`: packs wheels for the interpreter in the page, compiled by that same interpreter
 * and without their sources, which halves the time of an import. Writes the packages' licences, by name and version, as JSON.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadPyodide } from 'pyodide/pyodide.mjs'

const [archive = '', licences = '', ...wheels] = process.argv.slice(2)

const PACK = `
import json, os, py_compile, zipfile
from importlib.metadata import distributions

# anyio reads its own source to know what it imports.
READ = "anyio/__init__.py"

with zipfile.ZipFile("/packed.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
    for folder, folders, names in os.walk("/wheels"):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(folder, name)
            # What only other programs read: types, pip's own lists.
            if name.endswith(".pyi") or name in ("py.typed", "RECORD", "WHEEL", "INSTALLER", "REQUESTED"):
                continue
            inside = os.path.relpath(path, "/wheels")
            if name.endswith(".py") and not inside.startswith(READ):
                code = path + "c"
                py_compile.compile(path, code, dfile=f"/lib/python3.14/site-packages/{inside}", doraise=True,
                                   invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
                path, inside = code, inside + "c"
            # The same date always: the same wheels make the same archive.
            entry = zipfile.ZipInfo(inside, (2024, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            with open(path, "rb") as file:
                packed.writestr(entry, file.read())

def texts(distribution):
    for file in sorted(distribution.files or (), key=str):
        if ".dist-info/" in str(file) and file.name.upper().startswith(("LICENSE", "LICENCE", "NOTICE", "COPYING")):
            yield file.read_text()

found = {f"{each.name} {each.version}": "\\n".join(texts(each)) for each in distributions(path=["/wheels"])}
json.dumps(found, sort_keys=True)
`

// A fixed seed: the same sources compile to the same bytes.
const py = await loadPyodide({
  env: { PYTHONHASHSEED: '0' },
  indexURL: `${join(process.cwd(), 'node_modules/pyodide')}/`,
})
py.FS.mkdirTree('/wheels')
for (const wheel of wheels)
  py.unpackArchive(new Uint8Array(readFileSync(wheel)), 'wheel', { extractDir: '/wheels' })
writeFileSync(licences, String(py.runPython(PACK)))
writeFileSync(archive, py.FS.readFile('/packed.zip'))
