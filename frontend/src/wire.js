/**
 * The bytes between editor and server: binary frames are parts one after another, numbers are
 * variable-length, as lib0 writes them. Nothing here depends on a document or a socket.
 *
 * @typedef {{writer: number, n: number, data: Uint8Array}} Row
 * @typedef {{kind: 'snapshot', seq: number, tag: number, state: Uint8Array}} Snapshot
 * @typedef {{kind: 'rows', first: number, tag: number, rows: Row[]}} Rows the tag is the last row's
 * @typedef {{kind: 'presence', people: {conn: number, data: Uint8Array}[]}} Cursors
 * @typedef {Snapshot|Rows|Cursors} Part
 */
const SNAPSHOT = 1
const ROWS = 2
const PRESENCE = 3
const UPDATE = 4
const CURSOR = 5

export const MAX_FRAME = 200000
export const MAX_CURSOR = 1000

const text = { in: new TextDecoder(), out: new TextEncoder() }

/**
 * @param {number} value
 * @param {number[]} bytes
 */
function number (value, bytes) {
  while (value > 127) {
    bytes.push(128 | (value % 128))
    value = Math.floor(value / 128)
  }
  bytes.push(value)
}

/**
 * @param {number} kind
 * @param {number[]} numbers
 * @param {Uint8Array} data
 */
function part (kind, numbers, data) {
  const head = [kind]
  for (const value of [...numbers, data.length]) number(value, head)
  const bytes = new Uint8Array(head.length + data.length)
  bytes.set(head)
  bytes.set(data, head.length)
  return bytes
}

/**
 * @param {Uint8Array<ArrayBuffer>[]} parts
 * @param {number} size
 */
function join (parts, size) {
  const bytes = new Uint8Array(size)
  let at = 0
  for (const one of parts) {
    bytes.set(one, at)
    at += one.length
  }
  return bytes
}

class Reader {
  /** @param {Uint8Array} bytes */
  constructor (bytes) {
    this.bytes = bytes
    this.at = 0
  }

  get more () { return this.at < this.bytes.length }

  byte () {
    if (!this.more) throw new RangeError('the frame ends too early')
    return this.bytes[this.at++]
  }

  number () {
    let value = 0
    for (let unit = 1; ; unit *= 128) {
      const byte = this.byte()
      value += (byte & 127) * unit
      if (byte < 128) return value
    }
  }

  data () {
    const size = this.number()
    if (this.at + size > this.bytes.length) throw new RangeError('the frame ends too early')
    this.at += size
    return this.bytes.slice(this.at - size, this.at)
  }
}

/**
 * Packs outbox records into frames of at most about MAX_FRAME bytes.
 * @param {Row[]} records
 * @param {Map<number, number>} places writer → its place in the hello
 */
export function updateFrames (records, places) {
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const frames = []
  /** @type {Uint8Array<ArrayBuffer>[]} */
  let parts = []
  let size = 0
  const close = () => {
    if (parts.length) frames.push(join(parts, size))
    parts = []
    size = 0
  }
  for (const record of records) {
    const one = part(UPDATE, [places.get(record.writer) ?? 0, record.n], record.data)
    if (size + one.length > MAX_FRAME) close()
    parts.push(one)
    size += one.length
  }
  close()
  return frames
}

/**
 * Packs the position of this cursor; null means nowhere. A position that is too long is not sent.
 * @param {object|null} cursor
 */
export function cursorFrame (cursor) {
  const data = cursor ? text.out.encode(JSON.stringify(cursor)) : new Uint8Array(0)
  return data.length > MAX_CURSOR ? null : part(CURSOR, [], data)
}

/**
 * Reads the cursor of somebody else; one that cannot be read is nowhere.
 * @param {Uint8Array} data
 */
export function readCursor (data) {
  try {
    return data.length ? JSON.parse(text.in.decode(data)) : null
  } catch {
    return null
  }
}

/** @type {Record<number, (reader: Reader) => Part>} */
const readers = {
  [SNAPSHOT]: (reader) => ({ kind: 'snapshot', seq: reader.number(), tag: reader.number(), state: reader.data() }),
  /** @returns {Rows} */
  [ROWS]: (reader) => {
    /** @type {Rows} */
    const rows = { kind: 'rows', first: reader.number(), tag: reader.number(), rows: [] }
    for (let left = reader.number(); left > 0; left--) {
      rows.rows.push({ writer: reader.number(), n: reader.number(), data: reader.data() })
    }
    return rows
  },
  /** @returns {Cursors} */
  [PRESENCE]: (reader) => {
    /** @type {Cursors} */
    const cursors = { kind: 'presence', people: [] }
    for (let left = reader.number(); left > 0; left--) {
      cursors.people.push({ conn: reader.number(), data: reader.data() })
    }
    return cursors
  }
}

/**
 * Reads one binary frame of the server into its parts; throws where it is malformed.
 * @param {ArrayBuffer} buffer
 */
export function readFrame (buffer) {
  const reader = new Reader(new Uint8Array(buffer))
  const parts = []
  while (reader.more) {
    const kind = reader.byte()
    if (!readers[kind]) throw new RangeError(`no part has the number ${kind}`)
    parts.push(readers[kind](reader))
  }
  return parts
}
