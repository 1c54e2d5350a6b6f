import assert from 'node:assert/strict'
import { test } from 'node:test'
import { latest, log, open, settle, write } from './editors.mjs'
import { isWritable } from '../src/endings.js'
import { paragraphs } from '../src/leftovers.js'
import { ROOT } from '../src/schema.js'

test('what one writes the other reads, and it is saved when its row comes back', async () => {
  const [ann, ben] = [await open(), await open()]

  write(ann, 'three measures')
  assert.equal(ann.outbox.empty, false)
  await settle()

  assert.deepEqual(paragraphs(ben.doc), ['three measures'])
  assert.equal(ann.outbox.empty, true)
  assert.equal(log.rows.length, 1)
})

test('words written offline survive the end of the page and go out once', async () => {
  log.down()
  const first = await open(900)
  write(first, 'offline words')
  await settle()
  first.stop()
  await settle()

  log.up()
  const second = await open(900)
  await settle()

  assert.deepEqual(paragraphs(second.doc), ['offline words'])
  assert.equal(log.rows.length, 1)
  assert.equal(second.outbox.empty, true)
})

test('an update sent twice is stored once', async () => {
  const ann = await open()
  log.deaf = true // the server stores, its answer is lost
  write(ann, 'once')
  await settle()
  log.deaf = false
  ann.reconnect()
  await settle()

  assert.equal(log.rows.length, 1)
  assert.equal(ann.outbox.empty, true)
})

test('words that lose the race with a freeze are put aside, neither sent nor lost', async () => {
  const ann = await open()
  write(ann, 'in time')
  await settle()
  log.frozen = true // known to the server alone
  write(ann, 'too late')
  await settle()

  assert.equal(ann.seen.resets.length, 1)
  assert.equal(ann.seen.resets[0].why, 'frozen')
  assert.equal(ann.seen.resets[0].text, 'too late')
  const fresh = await open(latest(), true)
  assert.deepEqual(paragraphs(fresh.doc), ['in time'])
  assert.equal(fresh.frozen, true)
  assert.equal((await fresh.store.unsent())[0].text, 'too late')
  write(ann, 'written into what is put aside')
  assert.equal(ann.outbox.empty, true)
})

test('rows that were on their way before the freeze are not called unsent', async () => {
  const ann = await open()
  log.deaf = true
  write(ann, 'stored before the freeze')
  await settle()
  log.frozen = true
  log.deaf = false
  log.broadcast({ t: 'frozen', by: 'Olivia' })
  await settle()

  assert.equal(ann.seen.resets.length, 0)
  assert.equal(ann.outbox.empty, true)
  assert.equal(ann.frozenBy, 'Olivia')
})

test('an update that only tidies a frozen text is dropped without a word', async () => {
  const ann = await open()
  write(ann, 'some text')
  await settle()
  ann.frozen = log.frozen = true
  ann.doc.getXmlFragment(ROOT).get(0).get(0).delete(0, 1)
  ann.reconnect()
  await settle()

  assert.equal(ann.seen.resets.length, 0)
  assert.equal(ann.outbox.empty, true)
  assert.equal(ann.replica.exact, false)
})

test('a refused update is put aside with the reason', async () => {
  const ann = await open()
  log.refusal = 'The update was not well formed.'
  write(ann, 'strange')
  await settle()

  assert.equal(ann.seen.resets[0].why, 'refused')
  assert.equal(ann.seen.resets[0].reason, 'The update was not well formed.')
  assert.equal(ann.seen.resets[0].text, 'strange')
  write(ann, 'written into what is put aside')
  assert.equal(ann.outbox.empty, true)
})

test('a log that went back keeps the whole text for copying and clears the cache', async () => {
  const ann = await open()
  write(ann, 'acknowledged, then gone')
  await settle()
  log.restore()
  ann.reconnect()
  await settle()

  assert.equal(ann.seen.resets[0].why, 'reset')
  assert.equal(ann.seen.resets[0].text, 'acknowledged, then gone')
  const fresh = await open(latest())
  assert.deepEqual(paragraphs(fresh.doc), [])
})

test('a second tab sends the first one’s words before its own, in order', async () => {
  log.down()
  const first = await open(901)
  write(first, 'first')
  await settle()
  const second = await open(901)
  write(second, 'second')
  await settle()
  first.stop()
  log.up()
  second.check()
  await settle()

  assert.deepEqual(log.rows.map((row) => row.writer), [first.writer, second.writer])
  assert.equal(second.outbox.empty, true)
})

test('an editor that met its own id in somebody else’s words goes on under a new one', async () => {
  const ann = await open()
  write(ann, 'three measures')
  await settle()
  ann.doc.clientID = 12345 // as Yjs does then
  write(ann, 'four measures')
  await settle()

  assert.deepEqual(log.rows.map(({ n }) => n), [1, 1])
  assert.equal(log.rows[1].writer, 12345)
  assert.equal(ann.outbox.empty, true)
})

test('rows wait while an input method composes, and are saved meanwhile', async () => {
  const [ann, ben] = [await open(), await open()]
  ann.incoming.hold()
  write(ben, 'meanwhile')
  await settle()
  assert.deepEqual(paragraphs(ann.doc), [])
  assert.equal(ann.replica.seq, 1)

  ann.incoming.release()

  assert.deepEqual(paragraphs(ann.doc), ['meanwhile'])
})

test('a session that ended keeps the words until somebody signs in again', async () => {
  const ann = await open()
  log.closes = 4401
  log.broadcast({ t: 'bye' })
  ann.reconnect()
  await settle()
  assert.equal(ann.state, 'ended')
  write(ann, 'kept')
  await settle()
  assert.equal(log.rows.length, 0)

  log.closes = 0
  ann.check()
  await settle()

  assert.equal(ann.state, 'live')
  assert.equal(log.rows.length, 1)
})

test('a page older than a change to more names keeps its words, and the next load sends them once', async () => {
  const ann = await open(903)
  assert.equal(log.names, 'none,named')
  log.closes = 4412
  ann.reconnect()
  write(ann, 'under no name')
  await settle()
  assert.deepEqual([ann.state, isWritable(ann.state), ann.outbox.empty, log.rows.length], ['reload', false, false, 0])
  await ann.store.flush()
  ann.stop()

  log.closes = 0
  const again = await open(903)

  assert.deepEqual(paragraphs(again.doc), ['under no name'])
  assert.deepEqual([again.outbox.empty, log.rows.length], [true, 1])
})

test('another schema and a removed person end the editor for good', async () => {
  for (const [code, state] of [[4409, 'reload'], [4403, 'removed']]) {
    log.closes = code
    const ann = await open()
    ann.check()
    assert.equal(ann.state, state)
    write(ann, 'too late')
    assert.equal(ann.outbox.empty, true)
    log.closes = 0
  }
})

test('the cache becomes one snapshot, and opens as the same text', async () => {
  const ann = await open(902)
  for (let row = 0; row < 310; row++) write(ann, `line ${row}`)
  await settle()
  await ann.store.flush()
  const { snapshot, rows } = await ann.store.load()
  assert.ok(snapshot)
  assert.ok(rows.length < 10)
  ann.stop()
  log.down()

  const again = await open(902)

  assert.equal(paragraphs(again.doc).length, 310)
})

test('events are passed on', async () => {
  const ann = await open()

  log.broadcast({ t: 'event', name: 'comments' })
  await settle()

  assert.deepEqual(ann.seen.events, ['comments'])
})
