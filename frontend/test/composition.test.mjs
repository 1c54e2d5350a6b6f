import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { composition } from '../src/composition.js'

let said
let view
let plugin

beforeEach(() => {
  said = []
  const incoming = { held: null, hold: () => { said.push('hold'); incoming.held = {} }, release: () => { said.push('release'); incoming.held = null } }
  view = { composing: false, isDestroyed: false }
  plugin = composition(incoming, () => said.push('over'))
})

const happen = (event) => plugin.props.handleDOMEvents[event].call(plugin, view)

test('the words of others wait for a composition and for the view to come to rest after it', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  happen('compositionstart')
  view.composing = true
  t.mock.timers.tick(60_000)
  assert.deepEqual(said, ['hold'])

  happen('compositionend')
  t.mock.timers.tick(200)
  assert.deepEqual(said, ['hold']) // the browser still composes
  view.composing = false
  t.mock.timers.tick(60)

  assert.deepEqual(said, ['hold', 'release', 'over'])
})

test('a composition that follows at once is not interrupted by the end of the one before', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  happen('compositionstart')
  happen('compositionend')
  t.mock.timers.tick(30)
  happen('compositionstart')

  t.mock.timers.tick(60_000)

  assert.deepEqual(said, ['hold', 'hold'])
})

test('who leaves the text in mid-composition keeps nobody’s words waiting', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  happen('blur')
  t.mock.timers.tick(60_000)
  assert.deepEqual(said, [])

  happen('compositionstart')
  happen('blur') // and no end is reported
  t.mock.timers.tick(60)

  assert.deepEqual(said, ['hold', 'release', 'over'])
})

test('a view that is gone is not touched', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  happen('compositionstart')
  happen('compositionend')
  view.isDestroyed = true

  t.mock.timers.tick(60_000)

  assert.deepEqual(said, ['hold'])
})

test('a caret that the browser has moved is read before the words of others are applied', () => {
  const incoming = { held: null, hold () {}, release () {}, prepare: null }
  const seen = plugins => plugins.spec.view({ domObserver: { flush: () => said.push('read') } })
  const mounted = seen(composition(incoming, () => {}))

  incoming.prepare()
  assert.deepEqual(said, ['read'])

  mounted.destroy()
  assert.equal(incoming.prepare, null)
})
