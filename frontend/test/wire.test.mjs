import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cursorFrame, MAX_FRAME, readCursor, readFrame, updateFrames } from '../src/wire.js'

const bytes = (...values) => new Uint8Array(values)

test('a frame of the server is read part by part', () => {
  const frame = bytes(
    1, 200, 1, 7, 2, 9, 9, // snapshot: seq 200, tag 7, two bytes
    2, 201, 1, 8, 2, 5, 1, 1, 42, 6, 3, 2, 43, 44, // two rows from seq 201
    3, 1, 4, 0 // connection 4 is gone
  )

  assert.deepEqual(readFrame(frame.buffer), [
    { kind: 'snapshot', seq: 200, tag: 7, state: bytes(9, 9) },
    { kind: 'rows', first: 201, tag: 8, rows: [{ writer: 5, n: 1, data: bytes(42) }, { writer: 6, n: 3, data: bytes(43, 44) }] },
    { kind: 'presence', people: [{ conn: 4, data: bytes() }] }
  ])
})

test('client ids above 32 bits are read whole', () => {
  const id = 2 ** 40 + 5
  const digits = []
  for (let rest = id; ; rest = Math.floor(rest / 128)) {
    digits.push(rest > 127 ? 128 | (rest % 128) : rest)
    if (rest <= 127) break
  }

  const [part] = readFrame(bytes(2, 1, 1, 1, ...digits, 1, 0).buffer)

  assert.equal(part.rows[0].writer, id)
})

test('a frame that ends too early or has an unknown part is refused', () => {
  assert.throws(() => readFrame(bytes(1, 5, 5, 9, 1).buffer), RangeError)
  assert.throws(() => readFrame(bytes(9).buffer), RangeError)
})

test('updates go out in their order, each with the place of its writer', () => {
  const places = new Map([[70, 0], [80, 1]])
  const records = [{ writer: 70, n: 1, data: bytes(1) }, { writer: 80, n: 300, data: bytes(2, 3) }]

  const frames = updateFrames(records, places)

  assert.deepEqual(frames, [bytes(4, 0, 1, 1, 1, 4, 1, 172, 2, 2, 2, 3)])
})

test('a long outbox is cut into frames', () => {
  const records = Array.from({ length: 5 }, (_, index) => ({ writer: 1, n: index + 1, data: new Uint8Array(90000) }))

  const frames = updateFrames(records, new Map([[1, 0]]))

  assert.equal(frames.length, 3)
  assert.ok(frames.every((frame) => frame.length <= MAX_FRAME))
})

test('a cursor comes back as it was sent, and nonsense is nowhere', () => {
  const cursor = { anchor: { type: null }, head: { type: null } }

  assert.deepEqual(readCursor(cursorFrame(cursor).slice(2)), cursor)
  assert.equal(readCursor(bytes()), null)
  assert.equal(readCursor(bytes(123)), null)
  assert.equal(cursorFrame({ anchor: 'x'.repeat(2000) }), null)
})
