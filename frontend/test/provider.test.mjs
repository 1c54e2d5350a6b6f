import 'fake-indexeddb/auto'
import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import * as Y from 'yjs'
import { Log, settle } from './log.mjs'
import { paragraphs } from '../src/leftovers.js'
import { Provider } from '../src/provider.js'
import { ROOT } from '../src/schema.js'

let log
let editors
let name = 0

beforeEach(() => {
  log = new Log()
  editors = []
})
afterEach(() => { for (const editor of editors) editor.stop() })

/** Opens an editor; with the same device number it finds the same outbox. */
async function open (device = ++name, frozen = false) {
  const seen = { resets: [], told: [] }
  const provider = new Provider({
    url: 'ws://log', person: 1, database: `device-${device}`, frozen,
    listeners: { changed () {}, redraw () {}, people () {}, told: (event) => seen.told.push(event), reset: (unsent) => seen.resets.push(unsent) }
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
})

test('rows that were on their way before the freeze are not called unsent', async () => {
  const ann = await open()
  log.deaf = true
  write(ann, 'stored before the freeze')
  await settle()
  log.frozen = true
  log.deaf = false
  log.say({ t: 'frozen', by: 'Olivia' })
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
})

test('a refused update is put aside with the reason', async () => {
  const ann = await open()
  log.refusal = 'The update was not well formed.'
  write(ann, 'strange')
  await settle()

  assert.equal(ann.seen.resets[0].why, 'refused')
  assert.equal(ann.seen.resets[0].reason, 'The update was not well formed.')
  assert.equal(ann.seen.resets[0].text, 'strange')
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
  second.retry()
  await settle()

  assert.deepEqual(log.rows.map((row) => row.writer), [first.writer, second.writer])
  assert.equal(second.outbox.empty, true)
})

test('rows wait while an input method composes, and are saved meanwhile', async () => {
  const [ann, ben] = [await open(), await open()]
  ann.hold()
  write(ben, 'meanwhile')
  await settle()
  assert.deepEqual(paragraphs(ann.doc), [])
  assert.equal(ann.replica.seq, 1)

  ann.release()

  assert.deepEqual(paragraphs(ann.doc), ['meanwhile'])
})

test('a session that ended keeps the words until somebody signs in again', async () => {
  const ann = await open()
  log.closes = 4401
  log.say({ t: 'bye' })
  ann.reconnect()
  await settle()
  assert.equal(ann.state, 'ended')
  write(ann, 'kept')
  await settle()
  assert.equal(log.rows.length, 0)

  log.closes = 0
  ann.retry()
  await settle()

  assert.equal(ann.state, 'live')
  assert.equal(log.rows.length, 1)
})

test('another schema and a removed person end the editor for good', async () => {
  for (const [code, state] of [[4409, 'reload'], [4403, 'removed']]) {
    log.closes = code
    const ann = await open()
    ann.retry()
    assert.equal(ann.state, state)
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

  log.say({ t: 'event', name: 'comments' })
  await settle()

  assert.deepEqual(ann.seen.told, ['comments'])
})
