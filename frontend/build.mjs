/**
 * Builds the editor into a folder (by default workgroup/static/editor): the same bytes everywhere.
 *
 * Usage: node build.mjs [FOLDER]
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { dump } from './schema-dump.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const target = resolve(process.argv[2] ?? join(here, '../workgroup/static/editor'))

async function bundle (source, name) {
  const { metafile } = await build({
    absWorkingDir: here,
    entryPoints: [source],
    outfile: join(target, name),
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2020',
    charset: 'utf8',
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
    metafile: true
  })
  return Object.keys(metafile.inputs)
}

/** Names the packages whose code is in the bundle, in alphabetical order. */
function packagesOf (inputs) {
  const names = inputs.map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]).filter(Boolean)
  return [...new Set(names)].sort()
}

function licenceOf (name) {
  const folder = join(here, 'node_modules', name)
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one))
  if (!file) throw new Error(`${name} has no licence file`)
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').replace(/\r\n/g, '\n').trim()}\n`
}

const write = (name, text) => writeFileSync(join(target, name), text)

mkdirSync(target, { recursive: true })
const inputs = await bundle('src/main.js', 'editor.js')
await bundle('src/editor.css', 'editor.css')
write('LICENSES.txt', packagesOf(inputs).map(licenceOf).join(`\n${'-'.repeat(72)}\n\n`))
write('schema.json', dump())
