import assert from 'node:assert/strict'
import { test } from 'node:test'
import { indexedDB } from 'fake-indexeddb'
import { clock, log, open, settle, write } from './editors.mjs'
import { isWritable } from '../src/endings.js'
import { paragraphs } from '../src/leftovers.js'
import { LOOK } from '../src/provider.js'
import { GRACE, saveState } from '../src/save-state.js'

/** Lets time pass, and lists what is shown about saving, each change once. */
async function listen (provider, ms) {
  const said = []
  for (let passed = 0; passed < ms; passed += 100) {
    await clock.settle(100, 50)
    const state = saveState(provider, 5000)
    if (said.at(-1) !== state) said.push(state)
  }
  return said
}

test('one can write in what this device holds before the server’s first answer', async () => {
  const before = await open(910)
  write(before, 'known words')
  await settle()
  before.stop()
  await settle()
  log.hangs = true

  const ann = await open(910)
  assert.equal(isWritable(ann.state), true)
  assert.deepEqual(paragraphs(ann.doc), ['known words'])
  write(ann, 'typed meanwhile')
  await settle(5000)
  assert.equal(ann.outbox.kept, true)
  assert.equal(saveState(ann, 5000), 'unsaved')

  log.hangs = false
  await settle(12000)
  assert.equal(saveState(ann, 0), 'saved')
  assert.equal(log.rows.length, 2)
})

test('an empty device waits for the text before anybody writes', async () => {
  log.hangs = true
  const ann = await open()
  assert.equal(ann.state, 'loading')
})

test('a server with a full disk makes the words unsaved once, until they are acknowledged', async () => {
  const ann = await open()
  write(ann, 'before')
  await settle()
  log.full = true
  const opened = log.opened
  write(ann, 'does not fit')

  const said = await listen(ann, 60000)
  assert.deepEqual(said, ['unsaved'])
  assert.ok(log.opened - opened < 20, `${log.opened - opened} attempts in a minute`)

  log.full = false
  const then = await listen(ann, 20000)
  // The pause before the next attempt is random, so it may come before the first look.
  assert.deepEqual(then[0] === 'unsaved' ? then.slice(1) : then, ['saved'])
})

test('words that stay unanswered for 15 seconds are asked about over a new socket', async () => {
  const ann = await open()
  log.swallows = true
  write(ann, 'no answer')
  clock.pass(14000)
  log.swallows = false
  assert.deepEqual([log.opened, log.rows.length], [1, 0])

  clock.pass(2000)
  await settle()

  assert.deepEqual([log.opened, log.rows.length], [2, 1])
  assert.equal(ann.outbox.empty, true)
})

test('the page is called each second while words wait, for they may have become late', async () => {
  const ann = await open()
  log.swallows = true
  write(ann, 'no answer')
  await settle(100)
  let calls = 0
  ann.listeners.changed = () => calls++

  clock.pass(3000)

  assert.equal(calls, 3)
})

test('words before which the log lacks some of this editor are all sent again', async () => {
  const ann = await open()
  log.swallows = true
  write(ann, 'three measures')
  await settle()
  log.swallows = false

  ann.receive({ t: 'gap', w: 0 })
  await settle()

  assert.deepEqual([log.rows.length, ann.outbox.empty], [1, true])
})

test('one’s own cursor is not drawn among those of others', async () => {
  const ann = await open()
  const data = new TextEncoder().encode('{}')
  const drawn = []
  ann.presence.place = (conn) => drawn.push(conn)

  ann.takePresence({ people: [{ conn: ann.conn, data }, { conn: ann.conn + 1, data }] })

  assert.deepEqual(drawn, [ann.conn + 1])
})

test('a server that does not answer makes the words unsaved within three seconds', async () => {
  const ann = await open()
  log.swallows = true
  write(ann, 'no answer')
  assert.deepEqual(await listen(ann, 3000), ['saving', 'unsaved'])
  assert.deepEqual(await listen(ann, 60000), ['unsaved']) // though it opened new sockets
})

test('a reader whose connection dies silently comes back and catches up', async () => {
  const [ann, ben] = [await open(), await open()]
  log.silence(ben)
  write(ann, 'unseen')
  await settle()
  assert.deepEqual(paragraphs(ben.doc), [])

  await settle(17000)

  assert.deepEqual(paragraphs(ben.doc), ['unseen'])
})

test('a connection that dies silently is seen within 15 seconds, whenever the last frame came', async () => {
  for (let phase = 0; phase < LOOK; phase += 250) {
    const ann = await open()
    await settle(phase)
    log.broadcast({ t: 'ping' })
    log.silence(ann)
    log.hangs = true // and nothing answers the next attempt either
    const died = clock.now()

    while (ann.state === 'live' && clock.now() - died < 60000) clock.pass(10)

    const seen = clock.now() - died + GRACE
    assert.ok(seen <= 15000, `${seen} ms`)
    assert.equal(saveState(ann, GRACE), 'offline')
    log.hangs = false
    ann.stop()
  }
})

test('a sign of life keeps the connection and is no event', async () => {
  const ann = await open()
  const opened = log.opened
  ann.seen.events.length = 0
  for (let ping = 0; ping < 12; ping++) {
    log.broadcast({ t: 'ping' })
    await settle(5000)
  }
  assert.equal(log.opened, opened)
  assert.deepEqual(ann.seen.events, [])
})

test('a sign of life ends the long pauses of somebody who only reads', async () => {
  const ann = await open()
  ann.connection.tries = 9
  log.broadcast({ t: 'ping' })
  assert.equal(ann.connection.tries, 0)

  ann.connection.tries = 9
  log.deaf = true
  write(ann, 'waits')
  log.broadcast({ t: 'ping' })
  assert.equal(ann.connection.tries, 9)
})

test('a text that cannot be opened is tried slowly, and keeps what is written', async () => {
  const ann = await open()
  log.closes = 4460
  ann.reconnect()
  await settle()
  assert.equal(ann.state, 'unavailable')
  const opened = log.opened
  write(ann, 'kept for later')
  await settle(40000)
  assert.equal(log.opened, opened)
  log.closes = 0
  await settle(40000)

  assert.equal(ann.state, 'live')
  assert.equal(log.rows.length, 1)
})

test('nothing is sent into a text that froze', async () => {
  const ann = await open()
  log.frozen = true
  log.broadcast({ t: 'frozen', by: 'Olivia' })
  write(ann, 'too late')
  await settle()
  assert.equal(log.updatesHeard, 0)
})

test('somebody who signed out writes, sends and keeps nothing more', async () => {
  const ann = await open(911)
  write(ann, 'saved')
  await settle()
  ann.leave()
  assert.equal(ann.store.sealed, true)
  write(ann, 'after')
  await settle(5000)
  await new Promise((resolve) => { indexedDB.deleteDatabase('device-911').onsuccess = resolve })
  write(ann, 'after the deletion')
  await settle(10000)

  assert.equal(ann.state, 'left')
  assert.equal(ann.outbox.empty, true)
  assert.equal(log.rows.length, 1)
  assert.deepEqual((await indexedDB.databases()).filter(({ name: one }) => one === 'device-911'), [])
})

test('a database deleted by another tab is not created again', async () => {
  const ann = await open(912)
  write(ann, 'saved')
  await settle()
  await new Promise((resolve) => { indexedDB.deleteDatabase('device-912').onsuccess = resolve })
  write(ann, 'more')
  await settle(10000)

  assert.deepEqual((await indexedDB.databases()).filter(({ name: one }) => one === 'device-912'), [])
  assert.equal(log.rows.length, 2)
})
