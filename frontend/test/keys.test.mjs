import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EditorState, TextSelection } from 'prosemirror-state'
import { keys } from '../src/keys.js'
import { schema } from '../src/schema.js'

const { nodes } = schema
const words = (text) => nodes.paragraph.create(null, text ? schema.text(text) : null)

/** Presses a key in a text; gives whether the editor takes it, what it did beside the text, and the text. */
function press (key, blocks, { at = 1, ...modifiers } = {}) {
  const beside = []
  const acts = Object.fromEntries(['link', 'footnote', 'openNote', 'comment', 'toolbar', 'nextThread', 'previousThread']
    .map((name) => [name, () => { beside.push(name); return name !== 'openNote' }]))
  const doc = nodes.doc.create(null, blocks)
  let state = EditorState.create({ doc, plugins: keys(acts) })
  state = state.apply(state.tr.setSelection(TextSelection.create(state.doc, at)))
  const view = { get state () { return state }, dispatch: (tr) => { state = state.apply(tr) }, endOfTextblock: () => false }
  const event = { key, keyCode: 0, ctrlKey: false, altKey: false, shiftKey: false, metaKey: false, preventDefault () {}, ...modifiers }
  const taken = state.plugins.some((plugin) => plugin.props.handleKeyDown(view, event))
  return { taken, beside, state, types: state.doc.content.content.map(({ type }) => type.name) }
}

test('Tab leaves the text, and goes from cell to cell in a table alone', () => {
  assert.equal(press('Tab', [words('one')]).taken, false)

  const cell = (text) => nodes.table_cell.create(null, words(text))
  const table = nodes.table.create(null, nodes.table_row.create(null, [cell('one'), cell('two')]))
  const pressed = press('Tab', [table], { at: 4 })

  assert.equal(pressed.taken, true)
  assert.equal(pressed.state.selection.$from.parent.textContent, 'two')
})

test('keys do what the toolbar does', () => {
  for (const [key, type] of [['1', 'heading'], ['0', 'paragraph']]) {
    assert.deepEqual(press(key, [words('one')], { ctrlKey: true, altKey: true }).types, [type])
  }
  const bold = press('b', [words('one')], { ctrlKey: true }).state
  assert.deepEqual(bold.storedMarks.map(({ type }) => type.name), ['strong'])
})

test('keys open what stands beside the text', () => {
  const altogether = { ctrlKey: true, altKey: true }
  for (const [key, name, held] of [
    ['k', 'link', { ctrlKey: true }], ['f', 'footnote', altogether], ['m', 'comment', altogether],
    ['n', 'nextThread', altogether], ['p', 'previousThread', altogether], ['F10', 'toolbar', { altKey: true }]
  ]) assert.deepEqual(press(key, [words('one')], held).beside, [name])
})

test('Enter makes a new item in a list and a new paragraph elsewhere', () => {
  const list = nodes.bullet_list.create(null, nodes.list_item.create(null, words('one')))

  assert.equal(press('Enter', [list], { at: 6 }).state.doc.firstChild.childCount, 2)
  assert.deepEqual(press('Enter', [words('one')], { at: 4 }).types, ['paragraph', 'paragraph'])
})
