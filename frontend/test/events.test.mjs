import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { refreshedBy } from '../src/events.js'

const page = ['rail', 'strip'].map((part) => readFileSync(new URL(`../../templates/lifecycle/workspace/${part}.html`, import.meta.url), 'utf8')).join('')

test('each change refreshes fragments that wait for it, and no others', () => {
  const events = ['state', 'threads', 'ballot'].flatMap(refreshedBy)
  assert.deepEqual(events, ['wg:section', 'wg:comments', 'wg:ballot'])
  for (const event of events) assert.match(page, new RegExp(`${event} from:body`))
})

test('a change of the text, or one that this page does not know, refreshes nothing', () => {
  for (const name of ['text', 'people', 'ping', 'constructor', '']) assert.deepEqual(refreshedBy(name), [])
})
