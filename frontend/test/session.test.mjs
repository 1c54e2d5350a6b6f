import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Session } from '../src/session.js'

test('a question who is signed in that is never answered is given up', async (t) => {
  const limits = []
  const end = new AbortController()
  globalThis.document = { querySelector: () => ({ getAttribute: () => '{"timeout": 15000}' }) }
  t.mock.method(AbortSignal, 'timeout', (limit) => {
    limits.push(limit)
    return end.signal
  })
  t.mock.method(globalThis, 'fetch', (_address, { signal } = {}) => new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason))
  }))

  const asked = Session.prototype.whoIsSignedIn.call({ signedIn: '/account/who' })
  end.abort()

  assert.equal(await asked, null)
  assert.deepEqual(limits, [15000])
})
