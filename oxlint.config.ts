import { defineConfig, type OxlintConfig } from 'oxlint'
import { FAMILIES, MAY_IMPORT, PURE, TEST_HELPERS } from './module-map.ts'

type Rules = NonNullable<OxlintConfig['rules']>

/** One group, because in oxlint a negated match ends the search, and inside a group the last match wins. */
const only = (folder: string, strangers: readonly string[] = []): Rules => {
  const isPure = PURE.includes(folder)
  const allowed = (MAY_IMPORT[folder] ?? []).flatMap((name) => (name === 'node:*' ? ['!node:*', '!node:*/**'] : [`!${name}`]))
  const group = [
    ...['*', '@crystalmath/*', ...allowed, ...(isPure ? ['!node:crypto'] : [])],
    ...['!./**', '!../**', '**/src/**', ...strangers.map((name) => `**/${name}/**`)],
  ]
  const paths = isPure ? [{ name: 'node:crypto', allowImportNames: ['createHash', 'Hash'] }] : []
  return { 'no-restricted-imports': ['error', { paths, patterns: [{ group, message: 'not in the module map' }] }] }
}

/** A promise that nobody awaits loses an ack; a value that is awaited for nothing hides that it is none. */
const TYPE_AWARE: Rules = {
  'typescript/await-thenable': 'error',
  'typescript/no-array-delete': 'error',
  'typescript/no-base-to-string': 'error',
  'typescript/no-floating-promises': 'error',
  'typescript/no-for-in-array': 'error',
  'typescript/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
  'typescript/no-misused-spread': 'error',
  'typescript/no-unsafe-unary-minus': 'error',
  'typescript/prefer-promise-reject-errors': 'error',
  'typescript/require-array-sort-compare': ['error', { ignoreStringArrays: true }],
  'typescript/restrict-plus-operands': 'error',
  'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
}

export default defineConfig({
  options: { typeAware: true },
  // without it oxlint reads all of node_modules outside a git checkout
  ignorePatterns: ['node_modules', '**/__fixtures__/**'],
  plugins: ['eslint', 'typescript', 'import', 'node', 'oxc'],
  categories: { correctness: 'error' },
  rules: {
    // types are gone at run time
    'import/no-cycle': ['error', { ignoreTypes: true }],
    'node/no-process-env': 'error',
    'no-empty': 'error',
    'no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_' }],
    ...TYPE_AWARE,
    // objects here are made of closures, and none has a `this` to lose
    'typescript/unbound-method': 'off',
    // `() => void f()` says that nobody looks at the answer, whatever it is
    'typescript/no-meaningless-void-operator': 'off',
  },
  overrides: [
    ...Object.keys(MAY_IMPORT).map((folder) => ({ files: [`${folder}/src/**`], rules: only(folder) })),
    // a later override replaces an earlier one, so a member of a family repeats its folder's list
    ...Object.entries(FAMILIES).flatMap(([folder, members]) =>
      members.map((member) => ({
        files: [`${folder}/src/${member}/**`],
        rules: only(
          folder,
          members.filter((other) => other !== member),
        ),
      })),
    ),
    {
      files: PURE.map((folder) => `${folder}/src/**`),
      rules: {
        'no-restricted-globals': ['error', 'process', 'performance', 'fetch', 'setTimeout', 'setInterval', 'crypto'],
        'no-restricted-properties': ['error', { object: 'Date', property: 'now' }, { object: 'Math', property: 'random' }],
      },
    },
    {
      files: ['**/*.test.ts', ...TEST_HELPERS],
      rules: {
        'no-restricted-imports': 'off',
        'no-restricted-globals': 'off',
        'no-restricted-properties': 'off',
        'typescript/restrict-template-expressions': 'off',
      },
    },
    { files: ['**/config.ts', '**/*.test.ts', ...TEST_HELPERS, 'e2e/**', 'bench/**'], rules: { 'node/no-process-env': 'off' } },
  ],
})
