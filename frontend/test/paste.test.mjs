import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { DOMParser as PageParser } from 'linkedom'
import { DOMParser } from 'prosemirror-model'
import { schema } from '../src/schema.js'
import { cleanPasted, cleanText } from '../src/office-html.js'

const parse = (html) => new PageParser().parseFromString(`<!doctype html><html><body>${html.replace(/^[\s\S]*<body[^>]*>|<\/body>[\s\S]*$/gi, '')}</body></html>`, 'text/html')
const fixture = (name) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8')

function paste (name) {
  const { html, pictures } = cleanPasted(fixture(name), parse)
  const doc = DOMParser.fromSchema(schema).parse(parse(html).body)
  doc.check()
  const notes = []
  doc.descendants((node) => { if (node.type.name === 'footnote') notes.push(node.attrs.text) })
  return { doc, pictures, notes, outline: doc.content.content.map((node) => node.type.name) }
}

test('a Word document keeps headings, nested lists, table, links and footnotes', () => {
  const { doc, notes, outline, pictures } = paste('word.html')

  assert.deepEqual(outline, ['heading', 'heading', 'paragraph', 'bullet_list', 'paragraph', 'ordered_list', 'table', 'paragraph'])
  assert.equal(doc.child(3).childCount, 2)
  assert.equal(doc.child(3).child(1).lastChild.type.name, 'bullet_list')
  assert.equal(doc.child(3).firstChild.textContent, 'first measure')
  assert.equal(doc.child(5).childCount, 2)
  assert.deepEqual(notes, ['Interruption log, *Annex C*.', 'See the second report.'])
  assert.equal(doc.child(6).childCount, 2)
  assert.equal(pictures, 1)
  const marks = []
  doc.descendants((node) => { for (const mark of node.marks) marks.push(mark.type.name === 'link' ? mark.attrs.href : mark.type.name) })
  assert.deepEqual([...new Set(marks)].sort(), ['em', 'https://example.org/minerals', 'strong'])
})

test('a Google Docs document keeps headings, lists, table and links, and its wrapper is not bold', () => {
  const { doc, outline, notes } = paste('google-docs.html')

  assert.deepEqual(outline, ['heading', 'paragraph', 'bullet_list', 'table', 'paragraph'])
  assert.equal(doc.child(1).firstChild.marks.length, 0)
  assert.equal(doc.child(1).child(1).marks[0].type.name, 'strong')
  assert.equal(doc.child(2).child(0).lastChild.type.name, 'bullet_list')
  assert.deepEqual(notes, ['Gathered from public figures.'])
})

test('LibreOffice footnotes become footnotes', () => {
  const { notes, outline } = paste('libreoffice.html')

  assert.deepEqual(notes, ['The figures are provisional.'])
  assert.deepEqual(outline, ['paragraph'])
})

test('scripts, styles and dangerous addresses do not come in', () => {
  const { html } = cleanPasted('<style>p{}</style><p>a<script>1</script><a href="javascript:1">b</a></p>', parse)
  const doc = DOMParser.fromSchema(schema).parse(parse(html).body)

  assert.equal(doc.textContent, 'ab')
  assert.equal(doc.rangeHasMark(0, doc.content.size, schema.marks.link), false)
})

test('text loses control characters and halves of pairs, nothing else', () => {
  assert.equal(cleanText('a\u0000b\ud83dc\n\td😀漢한'), 'abc\n\td😀漢한')
})
