const NAMES = ['uvicorn', 'gunicorn', 'fastapi', 'fastapi-cli']
const VERSION = /^\d+\.\d+\.\d+$/
const TESTS = ['includes', 'startsWith', 'endsWith', 'has', 'indexOf']

const text = (node) => (node?.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined)

/**
 * Code does not ask which program or which version it has before it: it asks for a trait (simulator/manager/traits.ts) or for a rule of the
 * version (the files called rules.ts), which has a name and stands in one place.
 */
export const namesOfPrograms = {
  meta: {
    type: 'problem',
    messages: {
      program: "Ask for a trait of the program (simulator/manager/traits.ts), not for its name '{{ text }}'.",
      version: "Ask for a named rule of the version (rules.ts), not for '{{ text }}'.",
    },
    schema: [{ type: 'object', properties: { versions: { type: 'boolean' } }, additionalProperties: false }],
  },
  create(context) {
    const { versions = true } = context.options[0] ?? {}
    const look = (node) => {
      const literal = text(node)
      if (literal === undefined) return
      if (NAMES.includes(literal)) context.report({ node, messageId: 'program', data: { text: literal } })
      else if (versions && VERSION.test(literal))
        context.report({ node, messageId: 'version', data: { text: literal } })
    }
    return {
      'BinaryExpression[operator=/^[!=]==?$/]'({ left, right }) {
        look(left)
        look(right)
      },
      SwitchCase({ test }) {
        look(test)
      },
      CallExpression({ callee, arguments: given }) {
        if (callee.type === 'MemberExpression' && TESTS.includes(callee.property.name)) look(given[0])
        // A version that is compared, or whose rules are asked for whatever runs.
        if (callee.type === 'Identifier' && /^compareVersions$|Rules$/.test(callee.name)) given.forEach(look)
      },
    }
  },
}
