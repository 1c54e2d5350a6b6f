import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as Y from 'yjs'
import { Incoming } from '../src/incoming.js'

test('cursors that moved while an input method composed are drawn once it has ended', () => {
  let drawn = 0
  const incoming = new Incoming(new Y.Doc(), { moved: () => drawn++, failed: () => {} })
  incoming.hold()
  incoming.take([], true)
  incoming.take([], false)
  assert.equal(drawn, 0)

  incoming.release()

  assert.equal(drawn, 1)
})

test('if the view cannot follow the document, it is drawn again with all words', (t) => {
  t.mock.method(console, 'error', () => {})
  const source = new Y.Doc()
  source.getText('t').insert(0, 'three measures')
  const doc = new Y.Doc()
  doc.getText('t').observe(() => { throw new Error('no such node') })
  let failed = 0
  const incoming = new Incoming(doc, { moved: () => {}, failed: () => failed++ })

  incoming.take([Y.encodeStateAsUpdate(source)], false)

  assert.equal(failed, 1)
  assert.equal(doc.getText('t').toString(), 'three measures')
})

test('the view reads the caret before, and where it cannot, the words of others come all the same', (t) => {
  t.mock.method(console, 'error', () => {})
  const theirs = new Y.Doc()
  theirs.getText('t').insert(0, 'theirs')
  const doc = new Y.Doc()
  const seen = []
  const incoming = new Incoming(doc, { moved: () => {}, failed: () => seen.push('failed') })
  incoming.prepare = () => {
    seen.push(doc.getText('t').toString())
    throw new Error('the view is gone')
  }

  incoming.take([Y.encodeStateAsUpdate(theirs)], false)

  assert.deepEqual(seen, ['', 'failed'])
  assert.equal(doc.getText('t').toString(), 'theirs')
})
