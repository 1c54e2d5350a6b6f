import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endingOf, isWritable, noticeOf, strandedBy, takesWords } from '../src/endings.js'
import { FULL } from '../src/fullness.js'
import { saveState } from '../src/save-state.js'

const NOTHING = { empty: true, late: false, unkept: false, broken: false }
const WORDS = { ...NOTHING, empty: false }
const LATE = { ...WORDS, late: true }
const live = { state: 'live', wasLive: true, frozen: false, outbox: NOTHING }

for (const [title, known, lostFor, name] of [
  ['all is acknowledged', live, 0, 'saved'],
  ['words are on their way', { ...live, outbox: WORDS }, 0, 'saving'],
  ['words are late though the socket is open', { ...live, outbox: LATE }, 0, 'unsaved'],
  ['late words stay unsaved while the log is caught up', { ...live, state: 'catching up', outbox: LATE }, 0, 'unsaved'],
  ['late words that no disk took', { ...live, outbox: { ...LATE, unkept: true } }, 0, 'unkept'],
  ['words on their way need no disk', { ...live, outbox: { ...WORDS, unkept: true } }, 0, 'saving'],
  ['a lost moment with nothing to save', { ...live, state: 'offline' }, 999, 'saved'],
  ['a longer loss', { ...live, state: 'offline' }, 1000, 'offline'],
  ['a longer loss where nothing can be kept', { ...live, state: 'offline', outbox: { ...NOTHING, broken: true } }, 1000, 'offline_unkept'],
  ['before the first answer', { ...live, state: 'offline', wasLive: false }, 500, 'opening'],
  ['a first answer that does not come', { ...live, state: 'offline', wasLive: false }, 1000, 'offline'],
  ['what is typed before the first answer', { ...live, state: 'offline', wasLive: false, outbox: WORDS }, 500, 'saving'],
  ['nothing here yet', { ...live, state: 'loading', wasLive: false }, 0, 'opening'],
  ['a frozen text', { ...live, frozen: true }, 0, 'closed'],
  ['words that meet a freeze', { ...live, frozen: true, outbox: LATE }, 0, 'unsaved'],
  ['a text that cannot be opened', { ...live, state: 'unavailable' }, 5000, 'unavailable'],
  ['words in a text that cannot be opened', { ...live, state: 'unavailable', outbox: LATE }, 5000, 'unsaved'],
  ['a person who was removed', { ...live, state: 'removed' }, 0, 'closed'],
  ['a person who signed out', { ...live, state: 'left', outbox: LATE }, 0, 'closed'],
  ['an ended session', { ...live, state: 'ended', outbox: LATE }, 5000, 'unsaved']
]) test(`what is said: ${title}`, () => assert.equal(saveState(known, lostFor), name))

for (const [code, waiting, state, comeback, refusal = null] of [
  [1006, true, 'offline', 'soon'],
  [1012, true, 'offline', 'soon'],
  [1013, false, 'offline', 'soon'],
  [4401, true, 'ended', 'never'],
  [4403, true, 'removed', 'never'],
  [4409, false, 'reload', 'never'],
  [4412, true, 'reload', 'never'],
  [4400, true, 'stopped', 'never', 'refused'],
  [4413, true, 'stopped', 'never', 'refused'],
  [4422, true, 'stopped', 'never', 'refused'],
  [4422, false, 'offline', 'soon'],
  [4410, false, 'stopped', 'never', 'reset'],
  [4411, false, 'stopped', 'never', 'refused'],
  [4500, false, 'unavailable', 'slowly'],
  [4503, true, 'unavailable', 'slowly'],
  [4499, true, 'unavailable', 'slowly'],
  [4999, false, 'unavailable', 'slowly']
]) {
  test(`a socket closed with ${code} ${waiting ? 'while words wait' : 'with nothing to save'}`, () => {
    assert.deepEqual(endingOf(code, waiting), { refusal, state, comeback })
  })
}

const closed = (code, state, { words = true, broken = null } = {}) => ({ code, state, outbox: { empty: !words }, store: { broken } })

for (const [title, text, notice, why] of [
  ['another editor', closed(4409, 'reload'), 'reload', 'schema'],
  ['more names, words kept here', closed(4412, 'reload'), 'reload.names', ''],
  ['more names, nothing unsent', closed(4412, 'reload', { words: false, broken: 'full' }), 'reload.names', ''],
  ['more names, words that this device cannot keep', closed(4412, 'reload', { broken: 'full' }), 'reload.names_unkept', 'names']
]) test(`a page that must be loaded again: ${title}`, () => assert.deepEqual([noticeOf(text), strandedBy(text)], [notice, why]))

test('words of a person who was removed are shown, if there are any', () => {
  assert.deepEqual([true, false].map((words) => strandedBy(closed(4403, 'removed', { words }))), ['removed', ''])
})

test('a server that can store nothing says so, one that cannot open the text says that', () => {
  const noticed = [4503, 4500, 4999].map((code) => noticeOf(closed(code, 'unavailable')))
  assert.deepEqual(noticed, ['unstorable', 'unavailable', 'unavailable'])
})

test('one can write wherever words are kept, and nowhere else', () => {
  for (const state of ['live', 'catching up', 'offline', 'unavailable', 'ended']) assert.equal(isWritable(state), true)
  for (const state of ['loading', 'removed', 'reload', 'left', 'stopped']) assert.equal(isWritable(state), false)
})

for (const [title, text, writable] of [
  ['a live text', live, true],
  ['a frozen one', { ...live, frozen: true }, false],
  ['one that is nearly full', { ...live, fullness: FULL - 0.001 }, true],
  ['one that is full', { ...live, fullness: FULL }, false],
  ['a person who was removed', { ...live, state: 'removed' }, false]
]) test(`where one can write: ${title}`, () => assert.equal(takesWords({ fullness: 0, ...text }), writable))
