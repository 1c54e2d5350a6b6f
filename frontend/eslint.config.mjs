/**
 * What no type checker sees. Each exception gives its reason where it is made.
 *
 * Run from the repository's root (see frontend/check), so that the page's own script is covered too.
 */
import js from '@eslint/js'
import globals from 'globals'

const strict = {
  eqeqeq: ['error', 'always', { null: 'ignore' }], // == null means null or undefined, and only that
  'consistent-return': 'off', // tsc checks what functions return
  curly: ['error', 'multi-line'],
  'default-case-last': 'error',
  'no-console': ['error', { allow: ['error'] }],
  'no-else-return': 'error',
  'no-eval': 'error',
  'no-implicit-coercion': ['error', { boolean: false }],
  'no-implied-eval': 'error',
  'no-new-func': 'error',
  'no-shadow': 'error',
  'no-throw-literal': 'error',
  'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  'no-useless-return': 'error',
  'no-var': 'error',
  'object-shorthand': 'error',
  'prefer-const': 'error',
  'prefer-promise-reject-errors': 'error',
  // HTML from strings is how scripts get in; texts are set as text.
  'no-restricted-properties': ['error', { property: 'outerHTML' }, { property: 'insertAdjacentHTML' }],
  'no-restricted-syntax': ['error', {
    selector: 'AssignmentExpression[left.property.name="innerHTML"]',
    message: 'Build elements with make(); a string of HTML could bring a script in.'
  }],
  'max-lines': ['error', { max: 300, skipComments: true }]
}

export default [
  { ignores: ['**/node_modules/'] },
  js.configs.recommended,
  { rules: strict },
  { files: ['frontend/src/**/*.js', 'workgroup/static/*.js'], languageOptions: { globals: globals.browser } },
  { files: ['frontend/*.mjs', 'frontend/test/**/*.mjs'], languageOptions: { globals: globals.node } },
  // Table tests and a log in memory are long lists, not long reasoning.
  { files: ['frontend/test/**/*.mjs'], rules: { 'max-lines': 'off' } }
]
