import js from '@eslint/js';
import globals from 'globals';

export default [
  js.configs.recommended,
  {
    files: ['**/*.js'],
    languageOptions: { ecmaVersion: 2022, sourceType: 'module' },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      curly: ['error', 'multi-line'],
      eqeqeq: 'error',
      'no-implicit-globals': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'max-lines-per-function': ['error', 40],
      complexity: ['error', 10],
    },
  },
  { files: ['**/kit/**', '**/viewer/**'], languageOptions: { globals: globals.browser } },
  { files: ['**/build.js'], languageOptions: { globals: globals.node } },
];
