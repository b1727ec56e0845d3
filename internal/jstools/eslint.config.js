/**
 * Rules that the type checker does not know: who may import whom, and who may
 * touch the browser.
 */

/** @param {string[]} group @param {string} message */
const forbidImports = (group, message) => ({ 'no-restricted-imports': ['error', { patterns: [{ group, message }] }] });

const common = {
  'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  'no-undef': 'off',
  'no-var': 'error',
  'prefer-const': 'error',
  eqeqeq: 'error',
  'no-shadow-restricted-names': 'error',
  'no-unreachable': 'error',
  'no-constant-condition': 'error',
  'no-fallthrough': 'error',
  'no-dupe-keys': 'error',
  'no-self-assign': 'error',
  'no-empty': 'error',
  'no-eval': 'error',
  'no-implied-eval': 'error',
  'no-new-func': 'error',
  'no-console': 'error',
  'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
};

/** Files of the shim by layer, top to bottom; each imports only from lower ones. */
const SHIM_TOP = ['./main.js', '**/main.js'];
const SHIM_INSTALL = ['./install.js', '**/install.js'];

export default [
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.js'],
    languageOptions: { ecmaVersion: 2023, sourceType: 'module' },
    rules: common,
  },
  {
    files: ['**/extension/**/*.js'],
    rules: {
      ...forbidImports(['**/shim/**'], 'Shim and extension never import each other.'),
      'no-restricted-globals': ['error', { name: 'chrome', message: 'Only browser.js touches chrome.*.' }],
    },
  },
  {
    files: ['**/extension/browser.js'],
    rules: { 'no-restricted-globals': 'off' },
  },
  {
    files: ['**/extension/browser.js', '**/extension/protocol.gen.js'],
    rules: forbidImports(['*'], 'The lowest layer imports nothing.'),
  },
  {
    files: ['**/shim/**/*.js'],
    ignores: ['**/shim/main.js', '**/shim/*.test.js'],
    rules: forbidImports([...SHIM_TOP, ...SHIM_INSTALL, '**/extension/**'], 'Imports of the shim point downward; only main.js imports install.js.'),
  },
  {
    files: ['**/shim/main.js'],
    rules: forbidImports(['**/extension/**'], 'Shim and extension never import each other.'),
  },
  {
    files: ['**/shim/errors.js', '**/shim/event-target.js', '**/shim/operations.js', '**/shim/channel.js'],
    rules: forbidImports(
      ['./peer-connection.js', './media-*.js', './transceiver.js', './sender.js', './receiver.js', './data-channel.js', './stand-in-track.js'],
      'Imports of the shim point downward.'),
  },
  {
    files: ['**/shim/natives.js', '**/shim/protocol.gen.js'],
    rules: forbidImports(['*'], 'The lowest layer imports nothing.'),
  },
];
