import 'fake-indexeddb/auto'
import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { FakeClock } from './clock.mjs'
import { Store } from '../src/store.js'

let clock
let store
let number = 0

beforeEach(async () => {
  clock = new FakeClock()
  store = new Store(`store-${++number}`, () => {}, clock)
  await store.open()
})
afterEach(() => store.close())

const record = (n) => ({ writer: 1, n, data: new Uint8Array([n]) })
const row = (seq) => ({ seq, tag: seq, epoch: 7, data: new Uint8Array([seq]) })
const outbox = async () => (await store.load()).outbox.map(({ n }) => n)
const rows = async () => (await store.load()).rows.map(({ seq }) => seq)

test('a record is on the disk once its key is known', async () => {
  const one = record(1)
  await store.addRecord(one)
  assert.notEqual(one.key, undefined)
  assert.deepEqual(await outbox(), [1])
  store.removeRecord(one)
  await store.flush()
  assert.deepEqual(await outbox(), [])
})

test('a record that is acknowledged while the disk writes it does not stay there', async () => {
  const one = record(1)
  const put = store.putRecord.bind(store)
  store.putRecord = (place, it) => {
    put(place, it)
    it.acked = true // its row comes before the disk has answered
    store.removeRecord(it)
  }
  await store.addRecord(one)
  await clock.settle(500)
  assert.deepEqual(await outbox(), [])
})

test('a record that is acknowledged before the disk comes to it is not written', async () => {
  const one = record(1)
  one.acked = true
  await store.addRecord(one)
  assert.equal(one.key, undefined)
  assert.deepEqual(await outbox(), [])
})

test('rows go to the disk with the record that stands on them', async () => {
  store.addRow(row(1))
  assert.deepEqual(await rows(), [])
  await store.addRecord(record(1))
  assert.deepEqual(await rows(), [1])
})

test('rows without those before them are not kept, and the hole is remembered', async () => {
  store.addRow(row(5))
  await store.flush()
  assert.deepEqual(await rows(), [])
  assert.equal(store.gap, true)
})

test('rows that another tab has kept already are passed over', async () => {
  for (const seq of [1, 2]) store.addRow(row(seq))
  await store.flush()
  store.addRow(row(2))
  store.addRow(row(3))
  await store.flush()
  assert.deepEqual(await rows(), [1, 2, 3])
  assert.equal((await store.load()).have.seq, 3)
})

test('a snapshot takes the place of the rows up to it, an older one takes none', async () => {
  for (const seq of [1, 2]) store.addRow(row(seq))
  await store.flush()
  store.setSnapshot({ seq: 2, tag: 2, epoch: 7, state: new Uint8Array([1]) })
  await store.flush()
  store.addRow(row(3))
  await store.flush()
  store.setSnapshot({ seq: 1, tag: 1, epoch: 7, state: new Uint8Array([9]) })
  await store.flush()
  const { snapshot, have } = await store.load()
  assert.deepEqual([snapshot.seq, have.seq], [2, 3])
  assert.deepEqual(await rows(), [3])
})

test('a write that fails is made again, and the state says so meanwhile', async (t) => {
  const changes = []
  store.onChange = () => changes.push(store.broken)
  const write = t.mock.method(store, 'write', () => Promise.reject(new DOMException('full', 'QuotaExceededError')))
  const one = record(1)
  store.addRecord(one)
  await clock.settle(100)
  assert.equal(store.broken, 'QuotaExceededError')
  assert.equal(one.key, undefined)

  write.mock.restore()
  await clock.settle(2100)
  assert.equal(store.broken, null)
  assert.deepEqual(await outbox(), [1])
  assert.deepEqual(changes, ['QuotaExceededError', null])
})

test('a sealed store writes nothing and comes back by nothing', async () => {
  store.addRow(row(1))
  store.seal()
  store.addRow(row(2))
  await store.addRecord(record(1))
  await clock.settle(5000)
  assert.equal(store.database, null)
  await store.open()
  assert.equal(store.database, null)
})

test('what another tab has kept further on is not taken back', async () => {
  for (const seq of [1, 2, 3]) store.addRow(row(seq))
  await store.flush()
  const old = new Store(store.name, () => {}, clock)
  await old.open()
  old.addRow(row(1))
  old.addRow(row(2))
  await old.flush()
  old.close()
  assert.equal((await store.load()).have.seq, 3)
})

test('rows of a text that another tab has loaded again are not put after the new ones', async () => {
  const began = new Store(store.name, () => {}, clock)
  await began.open()
  for (const seq of [1, 2, 3]) store.addRow(row(seq))
  await store.flush()
  began.pending.clear = true
  for (const seq of [1, 2, 3]) began.addRow({ ...row(seq), epoch: 8 })
  await began.flush()

  for (const seq of [3, 4]) store.addRow(row(seq)) // on their way to this tab, which knows nothing of it
  await store.flush()

  const found = await store.load()
  assert.deepEqual(found.rows.map(({ seq, epoch }) => [seq, epoch]), [[1, 8], [2, 8], [3, 8]])
  assert.deepEqual(found.have, { seq: 3, tag: 3, epoch: 8 })
  assert.equal(store.gap, true)
  began.addRow({ ...row(4), epoch: 8 })
  await began.flush()
  assert.deepEqual(await rows(), [1, 2, 3, 4])
  began.close()
})

test('a snapshot of a new epoch replaces everything stored of the old one', async () => {
  for (const seq of [1, 2, 3]) store.addRow(row(seq))
  await store.flush()
  store.setSnapshot({ seq: 1, tag: 1, epoch: 8, state: new Uint8Array([1]) })
  await store.flush()
  assert.deepEqual((await store.load()).have, { seq: 1, tag: 1, epoch: 8 })
  assert.deepEqual(await rows(), [])

  store.addRow(row(2)) // of the old one, on its way to the disk
  store.setSnapshot({ seq: 1, tag: 1, epoch: 9, state: new Uint8Array([1]) })
  await store.flush()
  assert.deepEqual(await rows(), [])
})

test('rows that a snapshot stands for leave the disk', async () => {
  for (const seq of [1, 2, 3]) store.addRow(row(seq))
  await store.flush()
  store.setSnapshot({ seq: 3, tag: 3, epoch: 7, state: new Uint8Array([1]) })
  await store.flush()
  const left = store.opened.transaction('rows').objectStore('rows').count()
  await new Promise((resolve) => { left.onsuccess = resolve })
  assert.equal(left.result, 0)
})

test('what a failed write was to take away or to keep is not forgotten', async (t) => {
  const [one, two] = [record(1), record(2)]
  await store.addRecord(one)
  const put = t.mock.method(store, 'putRows', () => { throw new DOMException('full', 'QuotaExceededError') })
  t.mock.method(store, 'fill', async function (transaction, batch) {
    try { await Store.prototype.fill.call(this, transaction, batch) } catch (error) {
      transaction.abort()
      throw error
    }
  })
  store.removeRecord(one)
  store.addRow(row(1))
  store.addRecord(two)
  await clock.settle(100)
  assert.equal(store.broken !== null, true)
  assert.equal(store.gap, true)

  put.mock.restore()
  await clock.settle(2100)
  assert.deepEqual(await outbox(), [2])
})

test('a record that the disk took back is on no disk until it is written again', async (t) => {
  const one = record(1)
  const put = store.putRecord.bind(store)
  const failing = t.mock.method(store, 'putRecord', (place, it) => {
    put(place, it)
    place.count().onsuccess = () => place.transaction.abort()
  })
  store.addRecord(one)
  await clock.settle(100)
  assert.equal(store.broken, 'failed')
  assert.equal(one.key, undefined)

  failing.mock.restore()
  await clock.settle(2100)
  assert.deepEqual(await outbox(), [1])
  assert.notEqual(one.key, undefined)
})

test('words put aside are not lost when the disk fails just then', async (t) => {
  const write = t.mock.method(store, 'write', () => Promise.reject(new DOMException('full', 'QuotaExceededError')))
  store.pending.unsent = { why: 'refused', reason: '', text: 'three measures', at: 1 }
  await store.flush()
  write.mock.restore()
  await clock.settle(2100)
  assert.deepEqual((await store.unsent()).map(({ text }) => text), ['three measures'])
})

test('a database that the browser never opens is given up, and a write tries again', async (context) => {
  const { indexedDB } = globalThis
  const real = indexedDB.open.bind(indexedDB)
  const opened = context.mock.method(indexedDB, 'open', () => ({}))
  const other = new Store(`store-${++number}`, () => {}, clock)
  const given = assert.rejects(other.open(), { name: 'TimeoutError' })
  await clock.settle(5000)
  await given

  const one = record(1)
  other.addRecord(one)
  await clock.settle(5500)
  assert.equal(other.broken, 'TimeoutError')
  assert.equal(one.key, undefined)

  opened.mock.mockImplementation(real)
  await clock.settle(2500)
  assert.equal(other.broken, null)
  assert.notEqual(one.key, undefined)
  other.close()
})

test('a database that opens too late is closed, or no other tab could delete it', async (context) => {
  const closed = context.mock.method(globalThis.IDBDatabase.prototype, 'close')
  const late = new Store(`store-${++number}`, () => {}, clock)
  const given = assert.rejects(late.open(), { name: 'TimeoutError' })
  clock.pass(5000) // before the browser has its turn
  await given
  await clock.settle()
  assert.equal(closed.mock.callCount(), 1)
})
