import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EditorState, TextSelection } from 'prosemirror-state'
import { schema } from '../src/schema.js'
import { neighborThread, passages, setThreads, threads } from '../src/threads.js'

const marked = (text, id) => schema.text(text, id ? [schema.mark('comment', { id })] : [])
const doc = schema.node('doc', null, [
  schema.node('paragraph', null, [marked('The '), marked('first', 'aaaaaaa1'), marked(' of '), marked('three', 'bbbbbbb2')]),
  schema.node('paragraph', null, [marked('governments '), marked('agree', 'aaaaaaa1'), marked(' on this.')])
])
const card = (id, more = {}) => ({ id, open: true, anchor: 'mark', quote: '', prefix: '', suffix: '', ...more })
const CARDS = [card('aaaaaaa1'), card('bbbbbbb2'), card('ccccccc3', { anchor: 'quote', quote: 'on this' })]

/** A view as far as the plugin needs one. */
function open () {
  const plugin = threads(() => {})
  const view = { state: EditorState.create({ doc, plugins: [plugin] }) }
  view.dispatch = (tr) => { view.state = view.state.apply(tr) }
  const drawn = () => plugin.props.decorations(view.state).find()
    .map(({ from, to, type }) => [view.state.doc.textBetween(from, to), type.attrs.class])
  return { view, drawn }
}

const words = (id) => passages(doc, CARDS).get(id)?.map(({ from, to }) => doc.textBetween(from, to))

test('a thread has the words of its marks, in every piece that is left', () => {
  assert.deepEqual(words('aaaaaaa1'), ['first', 'agree'])
  assert.deepEqual(words('bbbbbbb2'), ['three'])
})

test('a thread on a version is found by its words', () => {
  assert.deepEqual(words('ccccccc3'), ['on this'])
})

test('open threads are drawn, the active one stronger; a resolved one keeps its mark undrawn', () => {
  const { view, drawn } = open()
  setThreads(view, { cards: [CARDS[0], { ...CARDS[1], open: false }], active: 'aaaaaaa1' })
  assert.deepEqual(drawn(), [['first', 'cm on'], ['agree', 'cm on']])
})

test('a mark of a thread that the page does not list is drawn where the server says that it is open', () => {
  const { view, drawn } = open()
  setThreads(view, { cards: [] })
  assert.deepEqual(drawn(), [])
  setThreads(view, { elsewhere: new Set(['bbbbbb']) })
  assert.deepEqual(drawn(), [['three', 'cm']])
})

test('the words of a comment that is being written are drawn where they are now', () => {
  const { view, drawn } = open()
  setThreads(view, { pending: () => ({ from: 1, to: 4 }) })
  assert.deepEqual(drawn(), [['The', 'cm on']])
  setThreads(view, { pending: () => null })
  assert.deepEqual(drawn(), [])
})

test('keys go from passage to passage, round the end', () => {
  const { view } = open()
  setThreads(view, { cards: CARDS })
  const from = (at) => {
    view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, at)))
    return [neighborThread(view.state, 1)?.id, neighborThread(view.state, -1)?.id]
  }
  assert.deepEqual(from(1), ['aaaaaaa1', 'ccccccc3'])
  assert.deepEqual(from(8), ['bbbbbbb2', 'aaaaaaa1'])
  assert.deepEqual(from(doc.content.size - 1), ['aaaaaaa1', 'ccccccc3'])
})

test('without open threads there is nowhere to go', () => {
  const { view } = open()
  setThreads(view, { cards: CARDS.map((one) => ({ ...one, open: false })) })
  assert.equal(neighborThread(view.state, 1), null)
})

test('a thread whose mark is in the text is not looked for by its words as well', () => {
  const found = passages(doc, [card('aaaaaaa1', { anchor: 'quote', quote: 'three' })])
  assert.equal(found.get('aaaaaaa1').length, 2)
})

test('a key pressed on the first letter of a passage goes on to the next', () => {
  const { view } = open()
  setThreads(view, { cards: CARDS.slice(0, 2) })
  view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, 5)))
  assert.equal(neighborThread(view.state, 1).id, 'bbbbbbb2')
})
