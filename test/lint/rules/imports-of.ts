import typescript from 'typescript'

/** The code of a file: of a page of Astro its frontmatter and its scripts. */
function codeIn(file: string, text: string): string {
  if (!file.endsWith('.astro')) return text
  const [, frontmatter = ''] = /^---\n([^]*?)\n---$/m.exec(text) ?? []
  const scripts = [...text.matchAll(/<script[^>]*>([^]*?)<\/script>/g)].map(([, script = '']) => script)
  return [frontmatter, ...scripts].join('\n')
}

/** What code asks for by address: in imports and exports, types included, `import()`, `new URL()` and `import.meta.glob()`; not in comments. */
export function importsOf(file: string, text: string): string[] {
  const code = codeIn(file, text)
  const source = typescript.createSourceFile('file.ts', code, typescript.ScriptTarget.Latest)
  const found: string[] = []
  const visit = (node: typescript.Node): void => {
    const address = addressIn(node, source)
    if (address !== undefined && typescript.isStringLiteralLike(address)) found.push(address.text)
    typescript.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function addressIn(node: typescript.Node, source: typescript.SourceFile): typescript.Node | undefined {
  if (typescript.isImportDeclaration(node) || typescript.isExportDeclaration(node))
    return node.moduleSpecifier
  if (typescript.isImportTypeNode(node) && typescript.isLiteralTypeNode(node.argument))
    return node.argument.literal
  if (!typescript.isCallExpression(node) && !typescript.isNewExpression(node)) return undefined
  const called = node.expression.getText(source)
  return ['import', 'URL', 'import.meta.glob'].includes(called) ? node.arguments?.[0] : undefined
}
