import { indexedDB } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { beforeEach, test } from 'node:test'

// The page's scripts are modules for browsers; outside of a package Node would read them as CommonJS.
const source = readFileSync(new URL('../../workgroup/static/device.js', import.meta.url), 'utf8')
const device = await import(`data:text/javascript,${encodeURIComponent(source)}`)

class Shelf {
  map = new Map()
  get length () { return this.map.size }
  key (place) { return [...this.map.keys()][place] ?? null }
  getItem (key) { return this.map.get(key) ?? null }
  setItem (key, value) { this.map.set(key, value) }
  removeItem (key) { this.map.delete(key) }
}

const listing = indexedDB.databases
const asked = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result)
  request.onerror = () => reject(request.error)
})
const names = async () => (await listing.call(indexedDB)).map(({ name }) => name).sort()

beforeEach(async () => {
  globalThis.localStorage = new Shelf()
  indexedDB.databases = listing
  for (const name of await names()) await asked(indexedDB.deleteDatabase(name))
})

/** Makes a text's database as the editor does, with something in its stores. */
async function keep (name, { outbox = 0, unsent = 0, listed = true } = {}) {
  const request = indexedDB.open(name, 1)
  request.onupgradeneeded = () => {
    for (const store of ['meta', 'rows', 'outbox', 'unsent']) request.result.createObjectStore(store, { autoIncrement: true })
  }
  const database = await asked(request)
  const transaction = database.transaction(['outbox', 'unsent'], 'readwrite')
  for (let n = 0; n < outbox; n++) transaction.objectStore('outbox').add({ n })
  for (let n = 0; n < unsent; n++) transaction.objectStore('unsent').add({ n })
  await new Promise((resolve) => { transaction.oncomplete = resolve })
  database.close()
  if (listed) device.remember(name, { title: `Title of ${name}`, path: `/c/x/sections/${name.split(':')[2]}/` })
}

const sections = (found) => found.map(({ title, changes }) => `${title}: ${changes}`).sort()

test('one’s sections with words that wait are named, from any page', async () => {
  await keep('workgroup:1:7:1', { outbox: 12 })
  await keep('workgroup:1:8:1', { unsent: 1 })
  await keep('workgroup:1:9:1')
  await keep('workgroup:2:7:1', { outbox: 3 })

  const found = await device.waitingTexts('1')

  assert.deepEqual(sections(found), ['Title of workgroup:1:7:1: 12', 'Title of workgroup:1:8:1: 1'])
  assert.equal(found[0].path, '/c/x/sections/7/')
})

test('somebody whose number begins alike is somebody else', async () => {
  await keep('workgroup:11:7:1', { outbox: 1 })
  assert.deepEqual(await device.waitingTexts('1'), [])
  await device.forgetTexts('1')
  assert.deepEqual(await names(), ['workgroup:11:7:1'])
})

test('signing out deletes one’s own texts alone', async () => {
  await keep('workgroup:1:7:1', { outbox: 1 })
  await keep('workgroup:2:7:1', { outbox: 3 })

  await device.forgetTexts('1')

  assert.deepEqual(await names(), ['workgroup:2:7:1'])
  assert.deepEqual((await device.keptTexts()).map(({ person }) => person), ['2'])
  assert.deepEqual(sections(await device.waitingTexts('2')), ['Title of workgroup:2:7:1: 3'])
})

test('a browser that cannot list its databases forgets and asks all the same', async () => {
  await keep('workgroup:1:7:1', { outbox: 2 })
  indexedDB.databases = undefined

  assert.deepEqual(sections(await device.waitingTexts('1')), ['Title of workgroup:1:7:1: 2'])
  await device.forgetTexts('1')
  assert.deepEqual(await names(), [])
})

test('a browser that refuses the list of its databases, or never gives it, asks all the same', async (t) => {
  await keep('workgroup:1:7:1', { outbox: 2 })
  indexedDB.databases = () => { throw new Error('refused') }
  assert.deepEqual(sections(await device.waitingTexts('1')), ['Title of workgroup:1:7:1: 2'])

  indexedDB.databases = () => new Promise(() => {})
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const asking = device.waitingTexts('1')
  t.mock.timers.tick(2000)
  assert.deepEqual(sections(await asking), ['Title of workgroup:1:7:1: 2'])
})

test('a database that was never listed is found where the browser lists it', async () => {
  await keep('workgroup:1:7:1', { outbox: 2, listed: false })
  assert.deepEqual(sections(await device.waitingTexts('1')), [': 2'])
  await device.forgetTexts('1')
  assert.deepEqual(await names(), [])
})

test('looking for words makes no database', async () => {
  device.remember('workgroup:1:7:1', { title: 'gone', path: '/' })
  assert.deepEqual(await device.waitingTexts('1'), [])
  assert.deepEqual(await names(), [])
})

test('a database that cannot be read counts as one with words', async (t) => {
  await keep('workgroup:1:7:1', { listed: true })
  t.mock.method(indexedDB, 'open', () => { throw new Error('refused') })
  const [found] = await device.waitingTexts('1')
  assert.equal(found.title, 'Title of workgroup:1:7:1')
})

test('a browser without storage or with nonsense in it stops nobody from signing out', async () => {
  Object.defineProperty(globalThis, 'localStorage', { configurable: true, get () { throw new Error('blocked') } })
  await keep('workgroup:1:7:1', { outbox: 1 })
  assert.equal((await device.waitingTexts('1')).length, 1)
  await device.forgetTexts('1')
  device.announceLeaving('1')
  assert.equal(device.leavingMark('1'), null)

  Object.defineProperty(globalThis, 'localStorage', { configurable: true, writable: true, value: new Shelf() })
  globalThis.localStorage.setItem('workgroup-text:workgroup:1:7:1', 'nonsense')
  assert.deepEqual((await device.keptTexts())[0].title, '')
})

test('other pages of this person learn of it at once, once, and those of others are not', async () => {
  const left = []
  const stops = ['1', '2'].map((person) => device.onLeaving(person, () => left.push(person)))
  device.announceLeaving('1')
  device.announceLeaving('1')
  while (!left.length) await new Promise((resolve) => setTimeout(resolve, 1))
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.deepEqual(left, ['1'])
  for (const stop of stops) stop()
})

test('a page can tell later that somebody left since it was opened', () => {
  const mark = device.leavingMark('1')
  assert.equal(device.leavingMark('1'), mark)
  device.announceLeaving('2')
  assert.equal(device.leavingMark('1'), mark)
  device.announceLeaving('1')
  assert.notEqual(device.leavingMark('1'), mark)
})
