import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { refreshedBy, Refreshes } from '../src/events.js'

const page = ['templates/lifecycle/workspace/standing.html', 'templates/notifications/bell.html', 'workgroup/static/discussion.js']
  .map((part) => readFileSync(new URL(`../../${part}`, import.meta.url), 'utf8')).join('')

test('each change refreshes fragments that wait for it, and no others', () => {
  const events = ['state', 'threads', 'notices'].flatMap(refreshedBy)
  assert.deepEqual(events, ['wg:section', 'wg:comments', 'wg:notices'])
  for (const event of events) assert.match(page, new RegExp(`${event}( from:body|", )`))
})

test('a change of the text, or one that this page does not know, refreshes nothing', () => {
  for (const name of ['text', 'people', 'ping', 'constructor', '']) assert.deepEqual(refreshedBy(name), [])
})

test('a burst of changes refreshes once, and a later change once more', async () => {
  /** @type {string[]} */
  const raised = []
  const refreshes = new Refreshes((event) => raised.push(event), () => 5)
  for (let change = 0; change < 50; change++) refreshes.schedule('threads')
  refreshes.schedule('notices')
  assert.deepEqual(raised, [])
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.deepEqual(raised, ['wg:comments', 'wg:notices'])
  refreshes.schedule('threads')
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.deepEqual(raised, ['wg:comments', 'wg:notices', 'wg:comments'])
})

test('a section whose state changes with its ballot is asked for once', async () => {
  /** @type {string[]} */
  const raised = []
  const refreshes = new Refreshes((event) => raised.push(event), () => 5)
  for (const name of ['text', 'state', 'ballot']) refreshes.schedule(name)
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.deepEqual(raised, ['wg:section'])
})

test('pages do not ask in the same moment', () => {
  const { pause } = new Refreshes(() => {})
  const pauses = Array.from({ length: 100 }, pause)
  assert.ok(Math.min(...pauses) >= 150 && Math.max(...pauses) < 550 && new Set(pauses).size > 50)
})
