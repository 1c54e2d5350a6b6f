import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import * as Y from 'yjs'
import { Replica } from '../src/replica.js'

let store
let replica

beforeEach(() => {
  store = { gap: false, rows: [], snapshots: [], addRow (row) { this.rows.push(row) }, setSnapshot (snapshot) { this.snapshots.push(snapshot) } }
  replica = new Replica(store)
})

const row = (n) => ({ writer: 1, n, data: new Uint8Array([n]) })
const rows = (first, ...ns) => ({ kind: 'rows', first, tag: 70 + first + ns.length - 1, rows: ns.map(row) })
const seqs = () => store.rows.map((one) => one.seq)

/** Fills the cache to where it is worth a snapshot. */
function fill (count = 301) {
  replica.takeRows({ kind: 'rows', first: 1, tag: 5, rows: Array.from({ length: count }, (_, n) => row(n + 1)) }, 7)
}

test('rows that come next are taken and kept with their numbers', () => {
  assert.equal(replica.takeRows(rows(1, 1, 2), 7).length, 2)
  assert.equal(replica.takeRows(rows(3, 3), 7).length, 1)
  assert.deepEqual(seqs(), [1, 2, 3])
  assert.deepEqual(replica.have, { seq: 3, tag: 73, epoch: 7 })
})

test('rows that were here already are passed over', () => {
  replica.takeRows(rows(1, 1, 2, 3), 7)
  assert.deepEqual(replica.takeRows(rows(2, 2, 3, 4), 7).map(({ n }) => n), [4])
  assert.deepEqual(replica.takeRows(rows(1, 1, 2), 7), [])
  assert.deepEqual(seqs(), [1, 2, 3, 4])
  assert.equal(replica.seq, 4)
})

test('a hole before rows is seen, and none of them is taken', () => {
  replica.takeRows(rows(1, 1), 7)
  assert.equal(replica.takeRows(rows(3, 3, 4), 7), null)
  assert.equal(replica.seq, 1)
  assert.deepEqual(seqs(), [1])
})

test('what was cached is read as snapshot first, then rows', () => {
  const have = { seq: 9, tag: 1, epoch: 7 }
  const data = new Uint8Array([2])
  const state = new Uint8Array([1])
  assert.deepEqual(replica.load({ have, snapshot: { ...have, seq: 8, state }, rows: [{ ...have, data }] }), [state, data])
  assert.equal(replica.takeRows(rows(11, 1), 7), null)
  assert.equal(replica.takeRows(rows(10, 1), 7).length, 1)
})

test('many rows become one snapshot of the document', () => {
  const doc = new Y.Doc()
  fill(300)
  replica.compact(doc)
  assert.equal(store.snapshots.length, 0)
  replica.takeRows(rows(301, 301), 7)
  replica.compact(doc)
  assert.deepEqual(store.snapshots.map(({ seq }) => seq), [301])
  replica.compact(doc)
  assert.equal(store.snapshots.length, 1)
})

test('rows that an earlier page load kept count towards that snapshot', () => {
  const data = new Uint8Array([2])
  const kept = Array.from({ length: 300 }, (_, n) => ({ seq: n + 1, tag: 1, epoch: 7, data }))
  replica.load({ have: kept.at(-1), snapshot: null, rows: kept })

  replica.takeRows(rows(301, 301), 7)
  replica.compact(new Y.Doc())

  assert.deepEqual(store.snapshots.map(({ seq }) => seq), [301])
})

test('a cache with a hole is repaired with a snapshot at once', () => {
  replica.takeRows(rows(1, 1), 7)
  store.gap = true
  replica.compact(new Y.Doc())
  assert.equal(store.snapshots.length, 1)
  assert.equal(store.gap, false)
})

test('no snapshot is made of a document that is not exactly the log', () => {
  fill()
  replica.exact = false
  replica.compact(new Y.Doc())
  assert.equal(store.snapshots.length, 0)
})

test('no snapshot is made while the document waits for something it depends on', () => {
  const source = new Y.Doc()
  const updates = []
  source.on('update', (update) => updates.push(update))
  source.getText('t').insert(0, 'a')
  source.getText('t').insert(1, 'b')
  source.getText('t').delete(0, 1)
  fill()
  const structs = new Y.Doc()
  Y.applyUpdate(structs, updates[1])
  replica.compact(structs)
  const deletes = new Y.Doc()
  Y.applyUpdate(deletes, updates[2])
  replica.compact(deletes)
  assert.equal(store.snapshots.length, 0)
})

test('a snapshot of the server takes the place of all before it', () => {
  const state = new Uint8Array([3])
  assert.equal(replica.takeSnapshot({ kind: 'snapshot', seq: 40, tag: 2, state }, 7), state)
  assert.deepEqual(store.snapshots, [{ seq: 40, tag: 2, epoch: 7, state }])
  assert.equal(replica.takeRows(rows(41, 1), 7).length, 1)
})
