import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { DOMParser } from 'linkedom'
import { EditorState, TextSelection } from 'prosemirror-state'
import { Slice } from 'prosemirror-model'
import { commentIds, pasting } from '../src/paste.js'
import { cleanText } from '../src/office-html.js'
import { MAX_DEPTH, schema } from '../src/schema.js'

const { nodes, marks } = schema
const comment = (id) => marks.comment.create({ id })
const words = (text, ...given) => schema.text(text, given)
const paragraph = (...content) => nodes.paragraph.create(null, content)

let notes
let rules

beforeEach(() => {
  notes = []
  rules = pasting((key) => notes.push(key)).props
})

const viewOf = (...blocks) => ({ state: EditorState.create({ doc: nodes.doc.create(null, blocks) }) })
const sliceOf = (...blocks) => new Slice(nodes.doc.create(null, blocks).content, 0, 0)
const clipboard = ({ files = [], ...texts } = {}) => ({ clipboardData: { files, getData: (type) => texts[type] ?? '' } })
const png = { type: 'image/png' }

/** Nests list items until the words stand at this depth. */
function nested (depth) {
  let inner = paragraph(words('deep'))
  for (let level = 1; level + 2 <= depth; level += 2) inner = nodes.bullet_list.create(null, nodes.list_item.create(null, inner))
  return inner
}

test('a comment comes along when its passage was cut, and not when its words are still commented', () => {
  const pasted = sliceOf(paragraph(words('first', comment(1)), words('second', comment(2))))
  const { content } = rules.transformPasted(pasted, viewOf(paragraph(words('still here', comment(1)))))

  assert.deepEqual([...commentIds(nodes.doc.create(null, content))], ['2'])
  assert.equal(content.textBetween(0, content.size), 'firstsecond')
})

test('other marks stay beside a comment that is left out', () => {
  const pasted = sliceOf(paragraph(words('bold', marks.strong.create(), comment(1))))
  const { content } = rules.transformPasted(pasted, viewOf(paragraph(words('x', comment(1)))))
  assert.deepEqual(content.firstChild.firstChild.marks.map((mark) => mark.type.name), ['strong'])
})

test('suggestions are not copied', () => {
  const by = { id: 'a', by: '1' }
  const pasted = sliceOf(paragraph(words('new', marks.insertion.create(by)), words('old', marks.deletion.create(by))))
  const { content } = rules.transformPasted(pasted, viewOf(paragraph()))
  assert.deepEqual(content.firstChild.firstChild.marks, [])
})

test('a page break is not copied, inside other blocks neither', () => {
  const broken = nodes.paragraph.create({ brk: 'page', lang: 'ja' }, words('words'))
  const { content } = rules.transformPasted(sliceOf(nodes.blockquote.create(null, broken)), viewOf(paragraph()))
  assert.deepEqual({ ...content.firstChild.firstChild.attrs }, { brk: null, lang: 'ja' })
})

test('a slice keeps how far it is open', () => {
  const open = new Slice(sliceOf(paragraph(words('a'))).content, 1, 1)
  const { openStart, openEnd } = rules.transformPasted(open, viewOf(paragraph()))
  assert.deepEqual([openStart, openEnd], [1, 1])
})

test('what comes in is cleaned, as a page and as bare text, and a picture left out is spoken of', (t) => {
  globalThis.DOMParser = DOMParser
  t.after(() => { delete globalThis.DOMParser })
  const page = (body) => `<!doctype html><html><body>${body}</body></html>`

  assert.match(rules.transformPastedHTML(page('<p>fi\u0007ve <b>days</b></p>')), /<p>five <b>days<\/b><\/p>/)
  assert.deepEqual(notes, [])
  rules.transformPastedHTML(page('<p>five<img src="a.png"> days</p>'))
  assert.deepEqual(notes, ['paste.pictures'])
  assert.equal(rules.transformPastedText('fi\u0007ve days'), 'five days')
})

test('a paste that fits is left to the editor', () => {
  assert.equal(rules.handlePaste(viewOf(paragraph()), clipboard({ 'text/html': '<p>a</p>' }), sliceOf(paragraph(words('a')))), false)
  assert.deepEqual(notes, [])
})

test('a paste too long for one update is refused with a sentence', () => {
  const long = sliceOf(paragraph(words('x'.repeat(300000))))
  assert.equal(rules.handlePaste(viewOf(paragraph()), clipboard({ 'text/plain': 'x' }), long), true)
  assert.deepEqual(notes, ['paste.too_long'])
})

test('a paste is refused where its depth and the cursor’s are too deep together', () => {
  const deep = sliceOf(nested(MAX_DEPTH - 1))
  assert.equal(rules.handlePaste(viewOf(paragraph()), clipboard({ 'text/html': 'x' }), deep), false)

  const { state } = viewOf(nested(5))
  const inside = state.apply(state.tr.setSelection(TextSelection.atEnd(state.doc)))
  assert.equal(rules.handlePaste({ state: inside }, clipboard({ 'text/html': 'x' }), deep), true)
  assert.deepEqual(notes, ['paste.too_long'])
})

test('a picture alone is left out with a sentence, by paste and by drop', () => {
  const empty = sliceOf()
  assert.equal(rules.handlePaste(viewOf(paragraph()), clipboard({ files: [png] }), empty), true)
  let prevented = false
  const drop = { dataTransfer: clipboard({ files: [png] }).clipboardData, preventDefault: () => { prevented = true } }
  assert.equal(rules.handleDrop({}, drop), true)
  assert.equal(prevented, true)
  assert.deepEqual(notes, ['paste.pictures', 'paste.pictures'])
})

test('a picture beside words leaves the words in', () => {
  for (const type of ['text/html', 'text/plain']) {
    assert.equal(rules.handlePaste(viewOf(paragraph()), clipboard({ files: [png], [type]: 'words' }), sliceOf(paragraph(words('a')))), false)
  }
  assert.deepEqual(notes, [])
})

test('a dropped file that is no picture is not spoken of', () => {
  assert.equal(rules.handleDrop({}, { dataTransfer: clipboard({ files: [{ type: 'text/csv' }] }).clipboardData }), false)
  assert.deepEqual(notes, [])
})

test('control characters and halves of pairs are taken out of text, pairs and tabs are not', () => {
  assert.equal(cleanText('a\u0000b\u0007c\ufffed\ttab\nline'), 'abcd\ttab\nline')
  assert.equal(cleanText('x\ud83dy \ude00z 😀'), 'xy z 😀')
})
