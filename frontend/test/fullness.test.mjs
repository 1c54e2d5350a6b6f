import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FULL, NEARLY_FULL, fullness } from '../src/fullness.js'
import { MAX_STREAM } from '../src/schema.js'

const { words, marks } = MAX_STREAM

test('a text is as full as what it has most of', () => {
  assert.equal(fullness({}), 0)
  assert.equal(fullness({ words: words / 2, marks: marks / 4 }), 0.5)
  assert.equal(fullness({ words: 0, marks }), 1)
})

test('there is room between the warning and the end, and none after it', () => {
  assert.ok(NEARLY_FULL <= 0.9)
  assert.ok(FULL < 1)
  assert.ok((1 - FULL) * words > 1000) // what may be on its way when the server says so
})

test('a word that is no number counts as nothing', () => {
  assert.equal(fullness({ words: 'many', marks: null }), 0)
})
