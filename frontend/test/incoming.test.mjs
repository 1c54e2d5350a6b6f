import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as Y from 'yjs'
import { Incoming } from '../src/incoming.js'

test('cursors that moved while an input method composed are drawn once it has ended', () => {
  let drawn = 0
  const incoming = new Incoming(new Y.Doc(), { moved: () => drawn++, failed: () => {} })
  incoming.hold()
  incoming.take([], true)
  incoming.take([], false)
  assert.equal(drawn, 0)

  incoming.release()

  assert.equal(drawn, 1)
})
