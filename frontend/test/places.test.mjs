import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EditorState, NodeSelection, TextSelection } from 'prosemirror-state'
import { initProseMirrorDoc, ySyncPlugin, ySyncPluginKey } from 'y-prosemirror'
import * as Y from 'yjs'
import { guardSelection, isForeign, keepPlace, reselect } from '../src/places.js'
import { ROOT, schema } from '../src/schema.js'

/** A live text of one paragraph, and its state as an editor has it now. */
function live (words) {
  const shared = new Y.Doc()
  const root = shared.getXmlFragment(ROOT)
  const text = new Y.XmlText(words)
  const paragraph = new Y.XmlElement('paragraph')
  paragraph.insert(0, [text])
  root.insert(0, [paragraph])
  const now = () => {
    const { doc, mapping } = initProseMirrorDoc(root, schema)
    return EditorState.create({ doc, plugins: [ySyncPlugin(root, { mapping })] })
  }
  return { root, text, now }
}

const words = (state, place) => place && state.doc.textBetween(place.from, place.to)

test('a place stays on its words while others write before them and in them', () => {
  const { text, now } = live('The first of three')
  const place = keepPlace(now(), 5, 10)
  text.insert(0, '最初に: ')
  assert.equal(words(now(), place(now())), 'first')
  text.insert(text.toString().indexOf('first') + 2, '--')
  assert.equal(words(now(), place(now())), 'fi--rst')
})

test('a place whose words are gone is an empty one, and in a text that is gone there is none', () => {
  const { root, text, now } = live('The first of three')
  const place = keepPlace(now(), 5, 10)
  text.delete(4, 5)
  assert.equal(words(now(), place(now())), '')
  root.delete(0, 1)
  assert.equal(place(now()), null)
})

test('a selected node is remembered as the place around it, which can be restored without it', () => {
  const state = live('Words').now()
  const { binding } = ySyncPluginKey.getState(state)
  guardSelection(state)
  binding.beforeTransactionSelection = { type: 'node', anchor: 1, head: 2 }
  assert.deepEqual(binding.beforeTransactionSelection, { type: 'text', anchor: 1, head: 2 })
  binding.beforeTransactionSelection = { type: 'text', anchor: 1, head: 1 }
  assert.equal(binding.beforeTransactionSelection.type, 'text')
  binding.beforeTransactionSelection = null
  assert.equal(binding.beforeTransactionSelection, null)
})

test('a selected note is selected again after a change of others, where it is still there', () => {
  const note = schema.node('footnote', { text: 'a note' })
  const doc = schema.node('doc', null, [schema.node('paragraph', null, [schema.text('ab'), note])])
  const before = EditorState.create({ doc, selection: NodeSelection.create(doc, 3) })
  /** The selection after a change, where y-prosemirror has restored the letters' place. */
  const after = (meta, text = before.doc) => {
    const tr = before.tr.replaceWith(0, before.doc.content.size, text.content)
    tr.setSelection(TextSelection.create(tr.doc, 3, 4)).setMeta(ySyncPluginKey, meta)
    reselect(before, tr)
    return tr.selection
  }
  const others = { isChangeOrigin: true }
  const without = schema.node('doc', null, [schema.node('paragraph', null, [schema.text('abcd')])])
  assert.ok(after(others) instanceof NodeSelection)
  assert.ok(after(others, without) instanceof TextSelection)
  assert.ok(after({}) instanceof TextSelection)
  assert.ok(isForeign(before.tr.setMeta(ySyncPluginKey, others)))
  assert.ok(!isForeign(before.tr))
})
