import ts from 'typescript'

/** Whether a key of this type may be any text: somebody may have typed it. */
function mayBeAnyText(type) {
  if (type.isUnion()) return type.types.some(mayBeAnyText)
  return (type.flags & (ts.TypeFlags.String | ts.TypeFlags.TemplateLiteral)) !== 0
}

/**
 * A word is looked up in a `Map`, or in an object by `lookUp` (simulator/manager/look-up.ts): `object[word]` also finds what every object
 * inherits, as `constructor`, and so does `word in object`.
 */
export const wordsInMaps = {
  meta: {
    type: 'problem',
    messages: {
      lookUp:
        'A word that is `constructor` or `__proto__` finds what every object inherits: use a Map, or lookUp(object, word).',
      has: 'A word that is `constructor` or `__proto__` is in every object: use a Map, or Object.hasOwn(object, word).',
    },
    schema: [],
  },
  create(context) {
    const { esTreeNodeToTSNodeMap, program } = context.sourceCode.parserServices
    if (!program) return {}
    const checker = program.getTypeChecker()
    const isWord = (node) => mayBeAnyText(checker.getTypeAtLocation(esTreeNodeToTSNodeMap.get(node)))
    return {
      'MemberExpression[computed=true]'(node) {
        const { parent } = node
        const isWritten =
          (parent.type === 'AssignmentExpression' && parent.left === node) ||
          (parent.type === 'UnaryExpression' && parent.operator === 'delete')
        if (!isWritten && isWord(node.property)) context.report({ node, messageId: 'lookUp' })
      },
      'BinaryExpression[operator="in"]'(node) {
        if (node.left.type !== 'PrivateIdentifier' && isWord(node.left)) {
          context.report({ node, messageId: 'has' })
        }
      },
    }
  },
}
