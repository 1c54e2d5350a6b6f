import 'fake-indexeddb/auto'
import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { indexedDB } from 'fake-indexeddb'
import * as Y from 'yjs'
import { FakeClock } from './clock.mjs'
import { Log } from './log.mjs'
import { isWritable } from '../src/endings.js'
import { paragraphs } from '../src/leftovers.js'
import { LOOK, Provider } from '../src/provider.js'
import { GRACE, saveState } from '../src/save-state.js'
import { ROOT } from '../src/schema.js'

let clock
let log
let editors
let name = 0

beforeEach(() => {
  clock = new FakeClock()
  log = new Log(clock)
  editors = []
})
afterEach(() => { for (const editor of editors) editor.stop() })

const settle = (ms) => clock.settle(ms)

/** Opens an editor; with the same device number it finds the same outbox. */
async function open (device = ++name, frozen = false) {
  const seen = { resets: [], events: [] }
  const provider = new Provider({
    url: 'ws://log', person: 1, database: `device-${device}`, names: 'none,named', frozen, clock, Socket: log.Socket,
    listeners: { changed () {}, redraw () {}, people () {}, event: (event) => seen.events.push(event), reset: (unsent) => seen.resets.push(unsent) }
  })
  editors.push(provider)
  await provider.start()
  await settle()
  return Object.assign(provider, { seen })
}

function write (provider, words) {
  const paragraph = new Y.XmlElement('paragraph')
  paragraph.insert(0, [new Y.XmlText(words)])
  const text = provider.doc.getXmlFragment(ROOT)
  text.insert(text.length, [paragraph])
}

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
  const fresh = await open(name, true)
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
  const fresh = await open(name)
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

// ---- bad networks and full disks

/** Lets time pass, and lists what is said about saving, each change once. */
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
  assert.deepEqual(await listen(ann, 20000), ['unsaved', 'saved'])
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

test('the page is told each second that words wait, for they may have become late', async () => {
  const ann = await open()
  log.swallows = true
  write(ann, 'no answer')
  await settle(100)
  let told = 0
  ann.listeners.changed = () => told++

  clock.pass(3000)

  assert.equal(told, 3)
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

// ---- what must not be sent, kept or skipped

test('what is written while the log is caught up waits for its end', async () => {
  const ann = await open()
  ann.set('catching up')
  write(ann, 'early')
  await settle()
  assert.equal(log.updatesHeard, 0)
  ann.begin(false)
  await settle()
  assert.equal(log.rows.length, 1)
})

test('words written without a connection are called unsaved at once', async () => {
  const ann = await open()
  log.down()
  await settle(10)
  write(ann, 'offline')
  assert.equal(saveState(ann, 0), 'unsaved')
})

test('an acknowledgement ends the long pauses', async () => {
  const ann = await open()
  ann.connection.tries = 9
  write(ann, 'stored')
  await settle()
  assert.equal(ann.connection.tries, 0)
})

test('a thaw lets out what was written during the freeze', async () => {
  const ann = await open()
  ann.frozen = true
  write(ann, 'written in between')
  await settle()
  assert.equal(log.updatesHeard, 0)
  log.broadcast({ t: 'thawed' })
  await settle()
  assert.equal(log.rows.length, 1)
})

test('a hole in the rows is filled by catching up', async () => {
  const [ann, ben] = [await open(), await open()]
  log.deaf = true
  write(ben, 'unseen')
  await settle()
  log.deaf = false
  write(ben, 'seen')
  await settle()
  assert.deepEqual(paragraphs(ann.doc), ['unseen', 'seen'])
})

test('no snapshot is made while own words wait, or words of others are held back', async () => {
  const [ann, ben, cho] = [await open(), await open(), await open()]
  log.swallows = ann.writer
  write(ann, 'not in the log')
  cho.incoming.hold()
  for (let row = 0; row < 310; row++) write(ben, `line ${row}`)
  await settle()
  for (const reader of [ann, cho]) {
    assert.equal(reader.replica.seq, 310)
    await reader.store.flush()
    assert.equal((await reader.store.load()).snapshot, null)
  }
  cho.incoming.release()
  write(ben, 'one more')
  await settle()
  await cho.store.flush()
  assert.ok((await cho.store.load()).snapshot)
})

test('a document with another tab’s words never becomes the snapshot', async () => {
  const ann = await open()
  ann.outbox.load([{ writer: 77, n: 1, data: new Uint8Array([0, 0]), key: 1 }])
  ann.sender.writers = [77, ann.writer]
  ann.receive({ t: 'gap', w: 0 })
  assert.deepEqual([...ann.outbox.writers], [])
  assert.equal(ann.replica.exact, false)
})

test('how full the text is, is known as soon as the server says it', async () => {
  const ann = await open()
  assert.equal(ann.fullness, 0)

  ann.receive({ t: 'size', words: 2_790_000 })

  assert.equal(ann.fullness, 0.93)
})
