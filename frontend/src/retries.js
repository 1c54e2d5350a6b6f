/**
 * Sending the same words once, however often they are sent: a request whose answer was lost is made
 * again with the same key, by which the server recognizes what it already has.
 */

/** @param {(bytes: Uint8Array) => Uint8Array} fill */
const newKey = (fill) => Array.from(fill(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

export class Retries {
  /**
   * Not crypto.randomUUID, which browsers offer over https alone.
   * @param {(bytes: Uint8Array) => Uint8Array} fill puts random bytes in
   */
  constructor (fill = (bytes) => crypto.getRandomValues(/** @type {Uint8Array<ArrayBuffer>} */ (bytes))) {
    this.fill = fill
    this.words = ''
    this.key = ''
  }

  /**
   * Returns the key of these words: the same until the server has confirmed them. Other words get
   * another key: under the old one the server would answer with what it has, and the change would be lost.
   * @param {string} words
   */
  keyFor (words) {
    if (!this.key || words !== this.words) this.key = newKey(this.fill)
    this.words = words
    return this.key
  }

  /** The server has the words; if the same ones are written again, they are meant again. */
  confirm () { this.key = '' }
}
