import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { FakeClock } from './clock.mjs'
import { SignInWatch } from '../src/sign-in.js'

let clock
let asked
let answers
let found
let isUseful

beforeEach(() => {
  clock = new FakeClock()
  asked = []
  answers = () => ''
  found = []
  isUseful = true
})

const watcher = (random = () => 1) => new SignInWatch({
  clock,
  random,
  isUseful: () => isUseful,
  ask: async () => {
    asked.push(clock.now() - 1000)
    return answers()
  },
  found: (person) => found.push(person)
})

test('a page whose person is signed out asks at most four times in the first minute, and then once in each', async () => {
  const watch = watcher()
  watch.watch()
  await clock.settle(60_000, 100)
  assert.deepEqual(asked, [6000, 18000, 42000])
  await clock.settle(600_000, 1000)
  assert.ok(asked.length <= 3 + 10, `${asked.length}`)
})

test('a server that is down is asked no more often', async () => {
  answers = () => null
  watcher(() => 0).watch()
  await clock.settle(600_000, 100)
  const last = asked.filter((at) => at > 540_000)
  assert.ok(asked.length < 24 && last.length <= 2, asked.join())
  assert.deepEqual(new Set(found), new Set([null]))
})

test('where nobody looks, or the device knows of no network, nothing is asked until that changes', async () => {
  isUseful = false
  const watch = watcher()
  watch.watch()
  await clock.settle(3_600_000, 10_000)
  assert.deepEqual(asked, [])

  isUseful = true
  watch.wake()
  await clock.settle(10)
  assert.equal(asked.length, 1)
})

test('a person who returns to the page is not kept waiting, and the pauses start over', async () => {
  const watch = watcher()
  watch.watch()
  await clock.settle(300_000, 1000)
  const before = asked.length
  watch.wake()
  await clock.settle(10)
  assert.equal(asked.length, before + 1)
  await clock.settle(7000)
  assert.equal(asked.length, before + 2)
})

test('a burst of wakes is one question', async () => {
  let answer
  answers = () => new Promise((resolve) => { answer = resolve })
  const watch = watcher()
  watch.watch()
  for (let wake = 0; wake < 5; wake++) watch.wake()
  answer('')
  await clock.settle(10)
  assert.equal(asked.length, 1)
})

test('once all is well nothing is asked, and an answer on its way counts no more', async () => {
  let answer
  answers = () => new Promise((resolve) => { answer = resolve })
  const watch = watcher()
  watch.watch()
  watch.wake()
  watch.rest()
  answer('12')
  watch.wake()
  await clock.settle(120_000, 1000)
  assert.equal(asked.length, 1)
  assert.deepEqual(found, [])
})

test('pages that lost their session together do not ask together', async () => {
  const first = (chance) => {
    asked = []
    watcher(() => chance).watch()
    clock.pass(6000)
    return asked[0]
  }
  assert.notEqual(first(0), first(1))
})

test('watching twice plans one question', async () => {
  const watch = watcher()
  watch.watch()
  watch.watch()
  await clock.settle(6000, 100)
  assert.equal(asked.length, 1)
})
