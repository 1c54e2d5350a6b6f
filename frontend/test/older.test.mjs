import 'fake-indexeddb/auto'
import { build } from 'esbuild'
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { indexedDB } from 'fake-indexeddb'
import * as Y from 'yjs'
import { ROOT } from '../src/schema.js'
import { Store } from '../src/store.js'

// It uses a script of the pages, which Node would read as CommonJS: bundled as for a browser.
const entry = fileURLToPath(new URL('../src/older.js', import.meta.url))
const { outputFiles: [bundle] } = await build({ entryPoints: [entry], bundle: true, format: 'esm', write: false })
const { olderDrafts } = await import(`data:text/javascript,${encodeURIComponent(bundle.text)}`)

const AMY = 1
const SECTION = 7
const name = (schema, section = SECTION, person = AMY) => `workgroup:${person}:${section}:${schema}`
const names = async () => (await indexedDB.databases()).map((one) => one.name).sort()

beforeEach(async () => {
  for (const one of await names()) {
    await new Promise((resolve) => { indexedDB.deleteDatabase(one).onsuccess = resolve })
  }
})

/** Leaves a text on the device as an editor did: these paragraphs saved, those still waiting. */
async function leave (database, { saved = [], waiting = [] }) {
  const doc = new Y.Doc()
  const updates = []
  doc.on('update', (update) => updates.push(update))
  for (const words of [...saved, ...waiting]) {
    const paragraph = new Y.XmlElement('paragraph')
    paragraph.insert(0, [new Y.XmlText(words)])
    const text = doc.getXmlFragment(ROOT)
    text.insert(text.length, [paragraph])
  }
  const store = new Store(database)
  await store.open()
  for (const [place, data] of updates.slice(0, saved.length).entries()) store.addRow({ seq: place + 1, tag: place + 1, epoch: 7, data })
  for (const [place, data] of updates.slice(saved.length).entries()) await store.addRecord({ writer: doc.clientID, n: place + 1, data })
  await store.flush()
  store.close()
}

test('words that an editor of an earlier schema could not send are found, and only those', async () => {
  await leave(name(1), { saved: ['Saved long ago.'], waiting: ['Never sent.', '一度も送られていない。'] })

  const found = await olderDrafts(AMY, SECTION, 2)

  assert.deepEqual(found.map(({ text }) => text), ['Never sent.\n一度も送られていない。'])
  assert.deepEqual(await names(), [name(1)])
})

test('they stay on the device until somebody has put them away', async () => {
  await leave(name(1), { waiting: ['Never sent.'] })

  const [first] = await olderDrafts(AMY, SECTION, 2)
  const [again] = await olderDrafts(AMY, SECTION, 2)
  await again.forget()

  assert.equal(first.text, again.text)
  assert.deepEqual(await olderDrafts(AMY, SECTION, 2), [])
  assert.deepEqual(await names(), [])
})

test('a text without such words is deleted silently', async () => {
  await leave(name(1), { saved: ['Saved long ago.'] })

  assert.deepEqual(await olderDrafts(AMY, SECTION, 2), [])
  assert.deepEqual(await names(), [])
})

test('the present text, other sections and other people are left alone', async () => {
  const others = [name(2), name(1, 70), name(1, SECTION, 11)]
  for (const one of others) await leave(one, { waiting: ['Somebody’s.'] })

  assert.deepEqual(await olderDrafts(AMY, SECTION, 2), [])
  assert.deepEqual(await names(), others.sort())
})
