import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { parseHTML } from 'linkedom'

const PAGE = `<html lang="en"><body>
  <div id="not-up-to-date" data-zone="Asia/Seoul" hidden><p data-sentence="Since {time}."></p></div>
  <div id="sheet"></div><div id="threads"></div></body></html>`
const MINUTE = 60_000

let fresh
let line
let again
let pages = 0

beforeEach(async (t) => {
  const { document, Event } = parseHTML(PAGE)
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.UTC(2026, 10, 27, 5, 3) })
  t.mock.method(Math, 'random', () => 1)
  again = []
  Object.assign(globalThis, { document, Event })
  globalThis.addEventListener = () => {}
  Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { onLine: true } })
  for (const id of ['sheet', 'threads']) document.getElementById(id).addEventListener('wg:again', () => again.push(id))
  line = document.getElementById('not-up-to-date')
  fresh = await import(`../../workgroup/static/fresh.js?${pages++}`)
})

test('one failure shows nothing, a second says since when the part is old', (t) => {
  t.mock.timers.tick(2 * MINUTE)
  fresh.arrived('sheet')
  t.mock.timers.tick(MINUTE / 2)
  fresh.missed('sheet')
  assert.ok(line.hidden)
  fresh.missed('sheet')
  assert.ok(!line.hidden)
  assert.equal(line.textContent, 'Since Fri 27 Nov, 14:05.')
})

test('failures of different parts do not add up, nor do those with an answer between them', () => {
  fresh.missed('sheet')
  fresh.missed('threads')
  fresh.arrived('sheet')
  fresh.missed('sheet')
  assert.ok(line.hidden)
})

test('the line stays as it was announced until every part has arrived', (t) => {
  for (const part of ['sheet', 'sheet']) fresh.missed(part)
  const announced = line.textContent
  t.mock.timers.tick(60 * MINUTE)
  for (const part of ['sheet', 'threads', 'threads']) fresh.missed(part)
  fresh.arrived('sheet')
  assert.ok(!line.hidden)
  assert.equal(line.textContent, announced)
  fresh.arrived('threads')
  assert.ok(line.hidden)
})

test('a part that has left the page is not waited for', () => {
  for (const part of ['sheet', 'gone', 'gone', 'sheet']) fresh.missed(part)
  fresh.arrived('sheet')
  assert.ok(line.hidden)
})

test('a part that failed is asked for again, more and more rarely', (t) => {
  fresh.missed('sheet')
  t.mock.timers.tick(9_999)
  assert.deepEqual(again, [])
  t.mock.timers.tick(1)
  assert.deepEqual(again, ['sheet'])
  for (const pause of [20_000, 40_000, MINUTE, MINUTE]) {
    again = []
    fresh.missed('sheet')
    t.mock.timers.tick(pause - 1)
    assert.deepEqual(again, [])
    t.mock.timers.tick(1)
    assert.deepEqual(again, ['sheet'])
  }
})

test('parts that failed together are tried in turn, one at a time', (t) => {
  for (const part of ['sheet', 'threads']) fresh.missed(part)
  for (let turn = 0; turn < 4; turn++) {
    t.mock.timers.tick(MINUTE)
    fresh.missed(again[again.length - 1])
  }
  assert.deepEqual(again, ['sheet', 'threads', 'sheet', 'threads'])
})

test('nothing is asked for where nobody looks, or the device is offline', (t) => {
  fresh.missed('sheet')
  navigator.onLine = false
  t.mock.timers.tick(10 * MINUTE)
  assert.deepEqual(again, [])
  navigator.onLine = true
  t.mock.timers.tick(MINUTE)
  assert.equal(again.length, 1)
})

test('once one part has come through, the others are asked for at once', (t) => {
  fresh.missed('sheet')
  fresh.missed('threads')
  fresh.arrived('threads')
  assert.deepEqual(again, ['sheet'])
  fresh.arrived('sheet')
  t.mock.timers.tick(10 * MINUTE)
  assert.deepEqual(again, ['sheet'])
})
