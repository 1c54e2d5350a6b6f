import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { colorClass, Presence } from '../src/presence.js'

const AMY = { name: 'Amy Adams', code: 'US', initials: 'AA', color: 3 }
const CURSOR = { anchor: 'here', head: 'here' }
let presence

beforeEach(() => {
  globalThis.document = { querySelectorAll: () => [] }
  presence = new Presence()
})

test('a cursor shows once the server has sent whose connection it is', () => {
  presence.place(7, CURSOR)
  assert.equal(presence.getStates().size, 0)
  presence.name({ 7: AMY })
  assert.deepEqual(presence.getStates().get('c7').user, { ...AMY, conn: 7, color: '#000000' })
  presence.stop()
})

test('who leaves takes the cursor along, even if the same number is named again', () => {
  presence.name({ 7: AMY })
  presence.place(7, CURSOR)
  presence.name({})
  presence.name({ 7: AMY })
  assert.equal(presence.getStates().size, 0)
  presence.stop()
})

test('a cursor that is nowhere is not drawn', () => {
  presence.name({ 7: AMY })
  presence.place(7, CURSOR)
  presence.place(7, null)
  assert.equal(presence.getStates().size, 0)
  presence.stop()
})

test('after a loss nobody is here until the server sends who is', () => {
  presence.name({ 7: AMY })
  presence.place(7, CURSOR)
  let drawn = 0
  presence.on('change', () => drawn++)
  presence.clear()
  assert.deepEqual([presence.getStates().size, drawn], [0, 1])
  presence.stop()
})

test('my own moves go out ten times a second at most, the last one too', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const sent = []
  presence.send = (cursor) => sent.push(cursor)
  for (let move = 1; move <= 50; move++) {
    presence.setLocalStateField('cursor', { move })
    t.mock.timers.tick(10)
  }
  t.mock.timers.tick(100)
  assert.ok(sent.length <= 6, `${sent.length}`)
  assert.deepEqual(sent.at(-1), { move: 50 })
  assert.deepEqual(presence.getLocalState(), { cursor: { move: 50 } })
})

test('a name stays beside a cursor for two seconds after its last move', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const flag = { idle: false, classList: { add: () => { flag.idle = true }, remove: () => { flag.idle = false } } }
  globalThis.document = { querySelectorAll: () => [flag] }
  presence.place(7, CURSOR)
  t.mock.timers.tick(1500)
  presence.place(7, CURSOR)
  t.mock.timers.tick(1500)
  assert.equal(flag.idle, false)
  t.mock.timers.tick(500)
  assert.equal(flag.idle, true)
})

test('a stopped presence sends nothing more', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const sent = []
  presence.send = (cursor) => sent.push(cursor)
  presence.setLocalStateField('cursor', CURSOR)
  presence.stop()
  t.mock.timers.tick(1000)
  assert.deepEqual(sent, [])
})

test('people have one of eight colors, and none where nobody is told apart', () => {
  assert.deepEqual([0, 7, 8, -3, 'x', undefined].map((color) => colorClass({ name: '', color })), ['c0', 'c7', 'c0', 'c3', 'c0', ''])
})
