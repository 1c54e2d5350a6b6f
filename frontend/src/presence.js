/**
 * Who is here and where: the part of an "awareness" that y-prosemirror uses.
 *
 * The server sets the name and color of each connection; cursors come from the editors.
 */
/**
 * @import { Translate } from './translations.js'
 * @typedef {{name: string, lang?: string, code?: string, initials?: string, color?: number|string, conn?: number, again?: boolean}} Person
 * @typedef {Record<string, Person>} People by connection
 */

const INTERVAL = 100 // ms between two of my cursor messages
const AWAKE = 2000 // ms that the name stays beside a cursor that moved

export class Presence {
  constructor () {
    /** @type {People} */
    this.people = {}
    /** @type {Map<number, object>} */
    this.cursors = new Map()
    /** @type {{cursor: object|null}} */
    this.mine = { cursor: null }
    /** @type {Set<() => void>} */
    this.listeners = new Set()
    /** @type {ReturnType<typeof setTimeout>|null} */
    this.timer = null
    /** @type {Map<number, ReturnType<typeof setTimeout>>} */
    this.naps = new Map()
    /** @type {(cursor: object|null) => void} */
    this.send = () => {}
  }

  getStates () {
    const states = new Map()
    for (const [conn, cursor] of this.cursors) {
      const person = this.people[conn]
      if (person) states.set(`c${conn}`, { user: { ...person, conn, color: '#000000' }, cursor })
    }
    return states
  }

  getLocalState () { return this.mine }

  /**
   * @param {string} name
   * @param {unknown} value
   */
  setLocalStateField (name, value) {
    this.mine = { ...this.mine, [name]: value }
    this.timer ??= setTimeout(() => {
      this.timer = null
      this.send(this.mine.cursor)
    }, INTERVAL)
  }

  /**
   * @param {string} _event
   * @param {() => void} listener
   */
  on (_event, listener) { this.listeners.add(listener) }

  /**
   * @param {string} _event
   * @param {() => void} listener
   */
  off (_event, listener) { this.listeners.delete(listener) }

  changed () { for (const listener of this.listeners) listener() }

  /**
   * @param {number} conn
   * @param {object|null} cursor
   */
  place (conn, cursor) {
    if (!cursor) {
      this.cursors.delete(conn)
      return
    }
    this.cursors.set(conn, cursor)
    this.wake(conn)
  }

  /** @param {People} people */
  name (people) {
    this.people = people
    for (const conn of this.cursors.keys()) if (!people[conn]) this.cursors.delete(conn)
    this.changed()
  }

  clear () {
    this.people = {}
    this.cursors.clear()
    this.changed()
  }

  /**
   * Shows the name beside the cursor for a moment; then only a small flag stays.
   * @param {number} conn
   */
  wake (conn) {
    clearTimeout(this.naps.get(conn))
    const flags = () => document.querySelectorAll(`.caret[data-conn="${conn}"]`)
    for (const flag of flags()) flag.classList.remove('idle')
    this.naps.set(conn, setTimeout(() => {
      this.naps.delete(conn)
      for (const flag of flags()) flag.classList.add('idle')
    }, AWAKE))
  }

  stop () {
    clearTimeout(this.timer ?? undefined)
    for (const nap of this.naps.values()) clearTimeout(nap)
    this.listeners.clear()
    this.send = () => {}
  }
}

/**
 * Returns one of the eight color classes of the style sheet; none where people are not distinguished.
 * @param {Person} person
 */
export const colorClass = (person) => person.color === undefined ? '' : `c${Math.abs(Number(person.color) || 0) % 8}`

/** @param {Person} person */
export function cursorBuilder (person) {
  const caret = document.createElement('span')
  caret.className = `caret ${colorClass(person)}`.trim()
  caret.dataset.conn = String(person.conn)
  caret.setAttribute('aria-hidden', 'true') // the list of people is the accessible one
  if (person.initials) { // else the cohort names nobody while people write
    const flag = document.createElement('b')
    flag.textContent = person.name
    if (person.lang) flag.lang = person.lang
    caret.append(flag)
  }
  return caret
}

/** @param {Person} person */
export const selectionBuilder = (person) => ({ class: `selx ${colorClass(person)}`.trim() })

/**
 * Draws the list of people who are here, each once, however many tabs they have open.
 * @param {HTMLElement} place
 * @param {People} people
 * @param {Translate} translate
 */
export function drawPeople (place, people, translate) {
  const present = Object.values(people).filter((person) => !person.again)
  place.setAttribute('role', 'group')
  place.setAttribute('aria-label', translate(present.length === 1 ? 'people.one' : 'people.many', { number: present.length }))
  place.replaceChildren(...present.map((person) => {
    const full = person.code && person.color !== undefined ? `${person.name} (${person.code})` : person.name
    const badge = document.createElement('span')
    badge.className = `av ${colorClass(person)}`.trim()
    if (person.lang) badge.lang = person.lang
    badge.title = full
    const short = document.createElement('span')
    short.setAttribute('aria-hidden', 'true')
    short.textContent = person.initials || '\u2022'
    const long = document.createElement('span')
    long.className = 'vh'
    long.textContent = full
    badge.append(short, long)
    return badge
  }))
}
