/** A paragraph takes as many footnotes as can be printed, and no more. */
import test from 'node:test'
import assert from 'node:assert/strict'
import { isFullOfNotes } from '../src/notes.js'
import { MAX_NOTES, schema } from '../src/schema.js'

const { paragraph, footnote } = schema.nodes

/** @param {number} count */
const withNotes = (count) => paragraph.create(null, [schema.text('Sources'), ...Array.from({ length: count }, () => footnote.create({ text: 'See the annex.' }))])

test('the last footnote that can be printed is taken, the next is not', () => {
  assert.equal(isFullOfNotes(withNotes(MAX_NOTES - 1)), false)
  assert.equal(isFullOfNotes(withNotes(MAX_NOTES)), true)
})
