import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findQuotation, quotation } from '../src/quotations.js'
import { schema } from '../src/schema.js'

const paragraph = (...content) => schema.node('paragraph', null, content)
const words = (text) => schema.text(text)
const note = schema.node('footnote', { text: 'a note' })
const doc = schema.node('doc', null, [
  paragraph(words('The three 😀 governments agree, and they')),
  paragraph(words('agree on '), note, words('the words.')),
  paragraph(words('세 나라가 agree 한다'))
])

const range = (quote, prefix = '', suffix = '') => {
  const { from, to } = findQuotation(doc, { quote, prefix, suffix })
  return doc.textBetween(from, to, '', () => '')
}

test('a quotation has 32 code points around it and no notes', () => {
  const from = doc.child(0).nodeSize + 1
  const found = quotation(doc, from, from + 5)

  assert.equal(found.quote, 'agree')
  assert.equal([...found.prefix].length, 32)
  assert.equal(found.prefix, 'e 😀 governments agree, and they\n')
  assert.equal(found.suffix, ' on the words.\n세 나라가 agree 한다')
})

test('a passage is found by its surroundings', () => {
  const { from } = findQuotation(doc, { quote: 'agree', prefix: '나라가 ', suffix: ' 한다' })

  assert.equal(doc.resolve(from).index(0), 2)
  assert.equal(range('agree', 'and they\n', ' on'), 'agree')
  assert.equal(range('😀 governments'), '😀 governments')
})

test('a passage over two blocks and a note is found whole', () => {
  assert.equal(range('they\nagree on the'), 'theyagree on the')
})

test('words that are gone are not found', () => {
  assert.equal(findQuotation(doc, { quote: 'disagreement' }), null)
  assert.equal(findQuotation(doc, { quote: '' }), null)
})

test('of a word that stands everywhere only the first places are compared', () => {
  const everywhere = schema.node('doc', null, [paragraph(words(`${'the '.repeat(1000)}end of the matter`))])
  const found = findQuotation(everywhere, { quote: 'the', prefix: 'end of ', suffix: ' story' })

  assert.ok(found.to < 1000)
})

test('words whose surroundings are unchanged are found, however often they stand before', () => {
  const far = schema.node('doc', null, [paragraph(words(`${'the '.repeat(1000)}end of the matter`))])

  assert.deepEqual(findQuotation(far, { quote: 'the', prefix: 'end of ', suffix: ' matter' }), { from: 4008, to: 4011 })
})
