// Joins the compiled framework into one file per area: `node scripts/bundle.mjs [package folder]`. Node takes longer to find
// six hundred small modules than to run them; a bundled start is a third of a second shorter (`npm run bench -- boot`).
import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { rolldown } from 'rolldown';
import { parseAst } from 'rolldown/parseAst';

const folder = resolve(process.argv[2] ?? fileURLToPath(new URL('../packages/bowerbird', import.meta.url)));
const compiled = join(folder, 'dist');
const bundled = join(compiled, 'bundle');
const { exports: doors } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

const bundle = await rolldown({
  input: Object.fromEntries(Object.keys(doors).map((door) => [entryName(door), compiledDoor(door)])),
  platform: 'node',
  external: (id) => !/^[./#]/.test(id),
  plugins: [
    {
      name: 'compiled-areas',
      resolveId: (id) => (id.startsWith('#') ? compiledDoor(`./${id.slice(1)}`) : null),
      load: (id) => ({ code: atItsPlace(id), map: readFileSync(`${id}.map`, 'utf8') }),
    },
  ],
});
const { output } = await bundle.write({
  dir: bundled,
  format: 'esm',
  sourcemap: true,
  cleanDir: true,
  chunkFileNames: '[name].part.js',
});
await bundle.close();
refuseRenamedClasses();

/** `.` is `index`, `./orm` is `orm`. */
function entryName(door) {
  return door === '.' ? 'index' : door.slice(2);
}

function compiledDoor(door) {
  return join(compiled, door, 'index.js');
}

/** The code of a module, which goes on finding its neighbours (templates, assets, migrations) from within a bundle. */
function atItsPlace(id) {
  const place = relative(bundled, id).replaceAll('\\', '/');
  const code = readFileSync(id, 'utf8');
  if (!code.includes('import.meta.url')) return code;
  const written = `new URL('${place}', import.meta.url)`;
  // From behind, so that the places before it stay where they are. Texts that speak of it are left alone.
  return ownUrls(parseAst(code))
    .sort((one, other) => other.start - one.start)
    .reduce((text, { start, end }) => text.slice(0, start) + written + text.slice(end), code);
}

/** Every `import.meta.url` of a syntax tree. */
function ownUrls(node) {
  if (node?.type === 'MemberExpression' && node.object.type === 'MetaProperty') return [node];
  return typeof node === 'object' && node !== null ? Object.values(node).flatMap(ownUrls) : [];
}

/** Logs, checks and tables speak of classes by name, so two of one name may not meet in one file. */
function refuseRenamedClasses() {
  const renamed = output.flatMap(({ code }) => code?.match(/\bclass \w+\$\d+/g) ?? []);
  if (renamed.length > 0) throw new Error(`Two classes of one area have the same name: ${renamed.join(', ')}`);
}
