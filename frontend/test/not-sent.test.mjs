import assert from 'node:assert/strict'
import { test } from 'node:test'
import { log, open, settle, write } from './editors.mjs'
import { paragraphs } from '../src/leftovers.js'
import { saveState } from '../src/save-state.js'

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
