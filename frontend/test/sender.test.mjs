import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { FakeClock } from './clock.mjs'
import { Outbox } from '../src/outbox.js'
import { Sender } from '../src/sender.js'

let clock
let frames
let ready
let outbox
let sender

beforeEach(() => {
  clock = new FakeClock()
  frames = []
  ready = true
  outbox = new Outbox({ broken: null, addRecord () {}, removeRecord () {} }, clock)
  sender = new Sender(outbox, { clock, send: (frame) => frames.push([...frame]), ready: () => ready })
  sender.introduce(1)
})

let n = 0
beforeEach(() => { n = 0 })
const write = () => sender.add(outbox.add(1, ++n, new Uint8Array([n])))
const UPDATE = (count) => [4, 0, count, 1, count] // place in the hello, number, length, data

test('the first key goes out at once, those typed in the next moment together', () => {
  write()
  clock.pass(0)
  assert.deepEqual(frames, [UPDATE(1)])
  write()
  write()
  clock.pass(49)
  assert.equal(frames.length, 1)
  clock.pass(1)
  assert.deepEqual(frames[1], [...UPDATE(2), ...UPDATE(3)])
})

test('nothing goes out while the text is frozen or the log not caught up', () => {
  ready = false
  write()
  clock.pass(5000)
  sender.sendAll()
  assert.deepEqual(frames, [])

  ready = true
  sender.sendAll()
  assert.deepEqual(frames, [UPDATE(1)])
})

test('what goes out with everything else is not sent once more', () => {
  ready = false
  write()
  clock.pass(1000)
  ready = true
  sender.sendAll()
  write()
  clock.pass(1000)
  assert.deepEqual(frames, [UPDATE(1), UPDATE(2)])
})

test('a hello names each writer with words once, this editor last', () => {
  outbox.load([{ writer: 8, n: 1, data: new Uint8Array(1) }, { writer: 1, n: 1, data: new Uint8Array(1) }, { writer: 8, n: 2, data: new Uint8Array(1) }])
  assert.deepEqual(sender.introduce(1), [8, 1])
  sender.sendAll()
  assert.deepEqual(frames[0].slice(0, 3), [4, 0, 1])
  assert.deepEqual(frames[0].slice(5, 8), [4, 1, 1])
})

test('a record that stays unanswered for 15 seconds is noticed, counted from its sending', () => {
  write()
  clock.pass(0)
  clock.pass(15000)
  assert.equal(sender.unanswered, false)
  clock.pass(1)
  assert.equal(sender.unanswered, true)
  sender.sendAll()
  assert.equal(sender.unanswered, false)
  outbox.acknowledge(1, 1)
  clock.pass(60000)
  assert.equal(sender.unanswered, false)
})

test('a clock put back by an hour does not hold words back', (t) => {
  write()
  clock.pass(0)
  t.mock.method(Date, 'now', () => 0)
  write()
  clock.pass(50)
  assert.equal(frames.length, 2)
})

test('a stopped sender sends nothing more', () => {
  write()
  sender.stop()
  clock.pass(1000)
  assert.deepEqual(frames, [])
})
