// One style sheet: of Tabler what the templates use, then our own, whole.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { PurgeCSS } from 'purgecss';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '..', '..');
const own = ['shenpi.css', 'fill.css', 'books.css', 'dossiers.css', 'notices.css'];

// Class names and states that no template spells out: written by Python or set by the browser side.
const safelist = { standard: ['d-none', 'btn-primary', 'show', 'active', 'disabled'], greedy: [/^htmx-/] };

async function purgeTabler() {
  const [tabler] = await new PurgeCSS().purge({
    content: [path.join(root, 'app/views/templates/**/*.html').replaceAll('\\', '/')],
    css: [path.join(root, 'node_modules/@tabler/core/dist/css/tabler.css').replaceAll('\\', '/')],
    safelist,
    fontFace: true,
    keyframes: true,
  });
  if (!tabler.css.includes('.form-control')) {
    throw new Error('Purging Tabler left no .form-control: are the templates there?');
  }
  return tabler.css;
}

export async function buildCss(target) {
  const sheets = await Promise.all([purgeTabler(), ...own.map((name) => readFile(path.join(here, name), 'utf8'))]);
  const { code } = await esbuild.transform(sheets.join('\n'), {
    loader: 'css',
    minify: true,
    target,
    legalComments: 'inline',
    logLevel: 'error',
  });
  return code;
}
