import assert from 'node:assert/strict'
import { randomFillSync } from 'node:crypto'
import { test } from 'node:test'
import { Retries } from '../src/retries.js'

const retries = () => new Retries((bytes) => randomFillSync(bytes))

test('a key has 128 random bits', () => {
  const keys = new Set(Array.from({ length: 50 }, () => retries().keyFor('words')))
  assert.equal(keys.size, 50)
  for (const key of keys) assert.match(key, /^[0-9a-f]{32}$/)
})

test('words sent again go under the same key until they are confirmed', () => {
  const draft = retries()
  const key = draft.keyFor('I agree.')
  assert.equal(draft.keyFor('I agree.'), key)
  draft.confirm()
  const again = draft.keyFor('I agree.')
  assert.match(again, /^[0-9a-f]{32}$/)
  assert.notEqual(again, key)
})

test('changed words go under a key of their own, so that the change is not dropped', () => {
  const draft = retries()
  const key = draft.keyFor('I agree.')
  assert.notEqual(draft.keyFor('I do not agree.'), key)
})
