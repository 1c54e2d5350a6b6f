import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { FakeClock } from './clock.mjs'
import { Connection, pauseBefore } from '../src/connection.js'

let clock
let sockets
let seen
let comeback

class Socket {
  static OPEN = 1
  static CLOSING = 2
  readyState = 0
  sent = []
  constructor () { sockets.push(this) }
  send (frame) { this.sent.push(frame) }
  close () { this.readyState = 3 }

  open () {
    this.readyState = 1
    this.onopen({})
  }

  receive (message) { this.onmessage({ data: JSON.stringify(message) }) }

  end (code = 1006) {
    this.readyState = 3
    this.onclose({ code, reason: '' })
  }
}

beforeEach(() => {
  clock = new FakeClock()
  sockets = []
  seen = []
  comeback = 'soon'
})

function connect (random = () => 1) {
  const connection = new Connection('ws://log', {
    opened: () => seen.push('opened'),
    received: ({ t }) => seen.push(t),
    read: () => seen.push('read'),
    lost: () => {},
    closed: (code) => {
      seen.push(code)
      return comeback
    }
  }, { clock, Socket, random })
  connection.open()
  return connection
}

const latest = () => sockets.at(-1)

/** Passes time as the editor does, with a look each second. */
function pass (connection, seconds) {
  for (let second = 0; second < seconds; second++) {
    clock.pass(1000)
    connection.look()
  }
}

test('the pause doubles from a tenth of a second to ten seconds, half of it by chance', () => {
  assert.deepEqual([0, 1, 2, 6, 7, 40].map((tries) => pauseBefore(tries, 1)), [100, 200, 400, 6400, 10000, 10000])
  assert.deepEqual([0, 7].map((tries) => pauseBefore(tries, 0)), [50, 5000])
})

test('a socket that opens and closes again does not shorten the pauses', () => {
  connect()
  const pauses = []
  for (let attempt = 0; attempt < 9; attempt++) {
    latest().open()
    latest().receive({ t: 'welcome' })
    latest().receive({ t: 'live' })
    const count = sockets.length
    const lost = clock.now()
    latest().end(1012)
    while (sockets.length === count) clock.pass(50)
    pauses.push(clock.now() - lost)
  }
  assert.deepEqual(pauses, [100, 200, 400, 800, 1600, 3200, 6400, 10000, 10000])
})

test('the next loss is answered at once after the server has stored something', () => {
  const connection = connect()
  for (let attempt = 0; attempt < 8; attempt++) {
    latest().end()
    clock.pass(10000)
  }
  connection.prove()
  const count = sockets.length
  latest().end()
  clock.pass(100)

  assert.equal(sockets.length, count + 1)
})

test('a socket without any frame for three pings, 12 seconds, is dead, however long it lived', () => {
  const connection = connect()
  latest().open()
  for (let ping = 0; ping < 20; ping++) {
    latest().receive({ t: 'ping' })
    pass(connection, 5)
  }
  assert.equal(sockets.length, 1)

  latest().receive({ t: 'ping' })
  pass(connection, 12)
  assert.equal(sockets.length, 1)
  pass(connection, 2)

  assert.equal(sockets.length, 2)
  assert.ok(seen.includes(1006))
  assert.equal(sockets[0].readyState, 3)
})

test('a handshake that hangs is given up after ten seconds', () => {
  const connection = connect()
  pass(connection, 10)
  assert.equal(sockets.length, 1)
  pass(connection, 2)
  assert.equal(sockets.length, 2)
})

test('each socket has ten seconds for its first word, whatever the one before it said', () => {
  const connection = connect()
  latest().open()
  latest().receive({ t: 'live' })
  latest().end()
  clock.pass(100)
  assert.equal(sockets.length, 2)

  pass(connection, 10)
  assert.equal(sockets.length, 2)
  pass(connection, 2)
  assert.equal(sockets.length, 3)
})

test('what a given-up socket still sends is not received', () => {
  const connection = connect()
  const [old] = sockets
  old.open()
  connection.reopen()
  clock.pass(1)
  seen.length = 0

  old.receive({ t: 'live' })
  old.end()

  assert.deepEqual(seen, [])
  assert.equal(sockets.length, 2)
})

test('a look at the page reopens a connection that missed a ping, and leaves a fresh one alone', () => {
  const connection = connect()
  latest().open()
  latest().receive({ t: 'live' })
  clock.pass(6000)
  connection.check()
  clock.pass(1)
  assert.equal(sockets.length, 1)

  clock.pass(2000)
  connection.check()
  clock.pass(1)
  assert.equal(sockets.length, 2)
})

test('a look at the page leaves a socket alone that is still opening on a slow network', () => {
  const connection = connect()
  clock.pass(9000)
  connection.check()
  clock.pass(1)
  assert.equal(sockets.length, 1)
})

test('a look at the page ends the waiting for the next attempt', () => {
  const connection = connect()
  for (let attempt = 0; attempt < 8; attempt++) {
    latest().end()
    clock.pass(10000)
  }
  latest().end()
  const count = sockets.length
  connection.check()

  assert.equal(sockets.length, count + 1)
  clock.pass(10000)
  assert.equal(sockets.length, count + 1) // and the attempt it waited for is not made as well
})

test('where the server cannot do better, it is asked about once a minute', () => {
  comeback = 'slowly'
  connect(() => 0.5)
  latest().end(4500)
  clock.pass(59000)
  assert.equal(sockets.length, 1)
  clock.pass(1001)
  assert.equal(sockets.length, 2)
})

test('where there is no coming back, none is tried', () => {
  comeback = 'never'
  connect()
  latest().end(4403)
  clock.pass(600000)
  assert.equal(sockets.length, 1)
})

test('reconnecting happens at once, but not over and over', () => {
  const connection = connect()
  let opened = 0
  for (let second = 0; second < 60; second++) {
    if (connection.socket) {
      latest().open()
      connection.reopen()
    }
    clock.pass(1000)
    opened = sockets.length
  }
  assert.ok(sockets.length > 5)
  assert.ok(opened < 20, `${opened} attempts in a minute`)
})

test('a stopped connection stays closed', () => {
  const connection = connect()
  latest().end()
  connection.stop()
  connection.check()
  clock.pass(60000)
  assert.equal(sockets.length, 1)
})

test('a frame that cannot be read ends the socket, and another one is opened', (t) => {
  t.mock.method(console, 'error', () => {})
  connect()
  latest().open()
  latest().onmessage({ data: new Uint8Array([99]).buffer })
  clock.pass(100)

  assert.deepEqual(seen, ['opened', 1002])
  assert.equal(sockets.length, 2)
})

test('nothing is sent before the socket is open', () => {
  const connection = connect()
  connection.sendMessage({ t: 'hello' })
  assert.deepEqual(latest().sent, [])
  latest().open()
  connection.sendMessage({ t: 'hello' })
  assert.deepEqual(latest().sent, ['{"t":"hello"}'])
})
