// Builds everything the browser (and the documents) need into one folder:
//   node web/build.js <folder>
// File names carry a hash of their content; manifest.json says which file a stable name stands for.
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { buildCss } from './css/build.js';

const web = path.dirname(fileURLToPath(import.meta.url));
const modules = path.join(web, '..', 'node_modules');
const out = path.resolve(process.argv[2]);
const target = ['es2020', 'chrome87', 'safari14.1'];
const manifest = {};
const bundled = new Set(['@tabler/core']);

async function emit(name, content) {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 10);
  const { name: stem, ext } = path.parse(name);
  manifest[name] = `${stem}-${hash}${ext}`;
  await writeFile(path.join(out, manifest[name]), content);
}

async function bundle(name, entry) {
  const result = await esbuild.build({
    entryPoints: { [name]: path.join(web, entry) },
    bundle: true,
    minify: true,
    format: 'iife',
    target,
    legalComments: 'linked',
    entryNames: '[name]-[hash]',
    outdir: out,
    metafile: true,
    logLevel: 'warning',
  });
  for (const file of Object.keys(result.metafile.outputs).map((output) => path.basename(output))) {
    if (/\.(js|css)$/.test(file)) {
      manifest[`${name}${path.extname(file)}`] = file;
    }
  }
  for (const input of Object.keys(result.metafile.inputs)) {
    const match = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match) bundled.add(match[1]);
  }
}

// What is text goes over the wire packed; it is packed once here and not for every person.
async function pack() {
  const names = (await readdir(out)).filter((name) => /\.(js|css|svg)$/.test(name));
  await Promise.all(names.map(async (name) => {
    const content = await readFile(path.join(out, name));
    await writeFile(path.join(out, `${name}.gz`), await promisify(gzip)(content, { level: 9 }));
  }));
}

// Some packages carry their licence only as a file, which a bundle would lose.
async function copyLicences() {
  const packages = [...bundled].sort();
  const texts = await Promise.all(packages.map(async (name) => {
    const folder = path.join(modules, name);
    const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
    return file ? `${name}\n\n${await readFile(path.join(folder, file), 'utf8')}` : `${name}: see its package`;
  }));
  await writeFile(path.join(out, 'LICENSES.txt'), texts.join('\n\n────────\n\n'));
}

async function copyFonts() {
  const faces = [
    ['noto-serif-sc', '400Regular', 'NotoSerifSC_400Regular.ttf'],
    ['noto-serif-sc', '700Bold', 'NotoSerifSC_700Bold.ttf'],
    ['noto-sans-sc', '400Regular', 'NotoSansSC_400Regular.ttf'],
    // Signs in people's remarks, such as a raised thumb.
    ['noto-emoji', '400Regular', 'NotoEmoji_400Regular.ttf'],
  ];
  await mkdir(path.join(out, 'fonts'), { recursive: true });
  for (const [family, weight, file] of faces) {
    const source = path.join(modules, '@expo-google-fonts', family);
    await cp(path.join(source, weight, file), path.join(out, 'fonts', file));
    await cp(path.join(source, 'LICENSE_FONT'), path.join(out, 'fonts', `${family}.LICENSE.txt`));
  }
}

await mkdir(out, { recursive: true });
await Promise.all([
  bundle('kit', 'kit/index.js'),
  bundle('viewer', 'viewer/index.js'),
  buildCss(target).then((css) => emit('app.css', css)),
  readFile(path.join(web, 'icons', 'icons.svg')).then((svg) => emit('icons.svg', svg)),
  readFile(path.join(web, 'icons', 'favicon.svg')).then((svg) => emit('favicon.svg', svg)),
  copyFonts(),
]);
await Promise.all([copyLicences(), pack()]);
await writeFile(path.join(out, 'manifest.json'), `${JSON.stringify(manifest, Object.keys(manifest).sort(), 2)}\n`);
