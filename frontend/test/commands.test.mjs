import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EditorState, TextSelection } from 'prosemirror-state'
import { blockStyle, commands } from '../src/commands.js'
import { MAX_DEPTH, schema } from '../src/schema.js'

const paragraph = (text = '', attrs = null) => schema.node('paragraph', attrs, text ? [schema.text(text)] : [])
const list = (type, ...blocks) => schema.node(type, null, blocks.map((block) => schema.node('list_item', null, block)))

/** A text with the cursor, or a selection, at a place. */
function at (from, blocks, to = from) {
  const doc = schema.node('doc', null, blocks)
  return EditorState.create({ doc, selection: TextSelection.create(doc, from, to) })
}

/** Runs a command; gives the state after it, or null where it does not apply. */
function run (name, state) {
  let after = state
  const applies = commands[name].run(state, (tr) => { after = state.apply(tr) })
  return applies ? after : null
}

const types = (state) => state.doc.content.content.map((block) => block.type.name)

test('a paragraph becomes a heading and again a paragraph, and keeps its language', () => {
  const heading = run('heading2', at(2, [paragraph('提言', { lang: 'ja' })]))
  assert.equal(blockStyle(heading), 'heading2')
  assert.equal(heading.doc.firstChild.attrs.lang, 'ja')
  const again = run('paragraph', heading)
  assert.equal(blockStyle(again), 'paragraph')
  assert.equal(again.doc.firstChild.attrs.lang, 'ja')
})

test('all selected blocks change their style, and no other', () => {
  const after = run('heading1', at(2, [paragraph('One'), paragraph('Two'), paragraph('Three')], 7))
  assert.deepEqual(types(after), ['heading', 'heading', 'paragraph'])
})

test('a list is made, turned into the other kind and taken away', () => {
  const bullets = run('bullets', at(2, [paragraph('One')]))
  assert.deepEqual(types(bullets), ['bullet_list'])
  assert.deepEqual([commands.bullets.pressed(bullets), commands.numbers.pressed(bullets)], [true, false])
  const numbers = run('numbers', bullets)
  assert.deepEqual(types(numbers), ['ordered_list'])
  assert.deepEqual(types(run('numbers', numbers)), ['paragraph'])
})

test('an item is indented, but no deeper than a text may go', () => {
  const state = at(10, [list('bullet_list', [paragraph('One')], [paragraph('Two')])])
  assert.equal(run('indent', state).doc.firstChild.childCount, 1)

  let deep = list('bullet_list', [paragraph('Top')], [paragraph('Deep')])
  for (let depth = 3; depth < MAX_DEPTH - 1; depth += 2) deep = list('bullet_list', [paragraph('Above'), deep])
  const bottom = schema.node('doc', null, [deep])
  let place = 0
  bottom.descendants((node, position) => { if (node.isText && node.text === 'Deep') place = position })
  assert.equal(run('indent', at(place, [deep])), null)
})

test('a quotation is made and taken away', () => {
  const quoted = run('quotation', at(2, [paragraph('One')]))
  assert.deepEqual(types(quoted), ['blockquote'])
  assert.equal(commands.quotation.pressed(quoted), true)
  assert.deepEqual(types(run('quotation', quoted)), ['paragraph'])
})

test('a table takes the place of an empty block, has a heading row and a way out below', () => {
  const after = run('table', at(1, [paragraph()]))
  assert.deepEqual(types(after), ['table', 'paragraph'])
  assert.equal(after.doc.firstChild.childCount, 3)
  assert.equal(commands['header-row'].pressed(after), true)
  assert.equal(after.selection.$from.node(3).type.name, 'table_header')
  assert.equal(run('table', after), null) // none inside of another
})

test('a table goes below a block with words, before what follows', () => {
  assert.deepEqual(types(run('table', at(2, [paragraph('One'), paragraph('Two')]))), ['paragraph', 'table', 'paragraph'])
})

test('bold shows as pressed where it is, or where the next letter will have it', () => {
  const bold = run('bold', at(1, [paragraph('One')], 4))
  assert.equal(commands.bold.pressed(bold), true)
  const next = run('bold', at(4, [paragraph('One')]))
  assert.equal(commands.bold.pressed(next), true)
  assert.equal(commands.bold.pressed(at(2, [paragraph('One')])), false)
})

test('a line breaks within its paragraph', () => {
  const after = run('break', at(3, [paragraph('Lined')]))
  assert.deepEqual(after.doc.firstChild.content.content.map((node) => node.type.name), ['text', 'hard_break', 'text'])
})
