import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import * as Y from 'yjs'
import { FakeClock } from './clock.mjs'
import { Outbox } from '../src/outbox.js'

let clock
let disk
let outbox

beforeEach(() => {
  clock = new FakeClock()
  disk = {
    broken: null,
    records: [],
    addRecord (record) { this.records.push(record) },
    removeRecord (record) { this.records = this.records.filter((one) => one !== record) }
  }
  outbox = new Outbox(disk, clock)
})

const bytes = new Uint8Array([1])
const places = () => outbox.records.map(({ writer, n }) => `${writer}.${n}`)

test('an acknowledgement takes out that writer’s records up to its number, from the disk too', () => {
  for (const [writer, n] of [[1, 1], [1, 2], [2, 1], [1, 3]]) outbox.add(writer, n, bytes)

  assert.equal(outbox.acknowledge(1, 2), true)

  assert.deepEqual(places(), ['2.1', '1.3'])
  assert.equal(disk.records.length, 2)
  assert.ok(disk.records.every((record) => !record.acked))
})

test('an acknowledgement of nothing is no news', () => {
  outbox.add(1, 2, bytes)
  assert.equal(outbox.acknowledge(1, 1), false)
  assert.equal(outbox.acknowledge(9, 5), false)
  assert.deepEqual(places(), ['1.2'])
})

test('words of an earlier page load go out before new ones', () => {
  outbox.add(2, 1, bytes)
  outbox.load([{ writer: 1, n: 7, data: bytes, key: 1 }, { writer: 1, n: 8, data: bytes, key: 2 }])
  assert.deepEqual(places(), ['1.7', '1.8', '2.1'])
  assert.deepEqual([...outbox.writers], [1, 2])
  assert.equal(outbox.late, false)
})

test('words of an earlier page load are late two seconds after this one found them', () => {
  clock.pass(60000)
  outbox.load([{ writer: 1, n: 7, data: bytes, key: 1 }])
  clock.pass(2000)
  assert.equal(outbox.late, false)
  clock.pass(1)
  assert.equal(outbox.late, true)
})

test('words are late after two seconds without an answer, and no longer once they are acknowledged', () => {
  outbox.add(1, 1, bytes)
  clock.pass(2000)
  assert.equal(outbox.late, false)
  clock.pass(1)
  assert.equal(outbox.late, true)

  outbox.acknowledge(1, 1)
  assert.equal(outbox.late, false)
  outbox.add(1, 2, bytes)
  assert.equal(outbox.late, false)
})

test('words over which the connection was lost are late until an acknowledgement', () => {
  outbox.add(1, 1, bytes)
  outbox.lose()
  assert.equal(outbox.late, true)
  outbox.acknowledge(2, 1) // nothing of ours
  assert.equal(outbox.late, true)
  outbox.add(1, 2, bytes)
  outbox.acknowledge(1, 1)
  assert.equal(outbox.empty, false)
  assert.equal(outbox.late, false)
})

test('a connection lost with nothing to save makes nothing late', () => {
  outbox.lose()
  outbox.add(1, 1, bytes)
  assert.equal(outbox.late, false)
})

test('words are kept when each has its place on a disk that works', () => {
  const record = outbox.add(1, 1, bytes)
  assert.equal(outbox.kept, false)
  record.key = 5
  assert.equal(outbox.kept, true)
  disk.broken = 'QuotaExceededError'
  assert.equal(outbox.kept, false)
  assert.equal(outbox.unkept, true)
})

test('a disk has a second to write before words are called unkept', () => {
  const record = outbox.add(1, 1, bytes)
  clock.pass(1000)
  assert.equal(outbox.unkept, false)
  clock.pass(1)
  assert.equal(outbox.unkept, true)
  record.key = 5
  assert.equal(outbox.unkept, false)
})

test('another tab’s records are left to it, and stay on the disk', () => {
  outbox.add(1, 1, bytes)
  outbox.add(2, 1, bytes)
  outbox.skip(1)
  assert.deepEqual(places(), ['2.1'])
  assert.equal(disk.records.length, 2)
})

test('clearing takes everything from the disk', () => {
  outbox.add(1, 1, bytes)
  outbox.add(1, 2, bytes)
  outbox.add(2, 1, bytes)
  outbox.clear()
  assert.equal(outbox.empty, true)
  assert.deepEqual(disk.records, [])
})

test('an update that only deletes holds no words', () => {
  const doc = new Y.Doc()
  const updates = []
  doc.on('update', (update) => updates.push(update))
  doc.getText('t').insert(0, 'words')
  doc.getText('t').delete(0, 1)
  outbox.add(1, 1, updates[1])
  assert.equal(outbox.hasWords, false)
  outbox.add(1, 2, updates[0])
  assert.equal(outbox.hasWords, true)
})
