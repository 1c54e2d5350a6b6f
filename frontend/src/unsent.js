/** Boxes with words that the log did not accept, to copy them from; kept until they are dismissed. */
import * as leftovers from './leftovers.js'
import { make } from './elements.js'

/**
 * @import * as Y from 'yjs'
 * @import { Store, Unsent } from './store.js'
 * @import { Translate } from './translations.js'
 */

/** @type {Record<string, string>} */
const SENTENCES = { reset: 'unsent.reset', schema: 'unsent.schema', removed: 'unsent.removed', names: 'unsent.names' }

/** @type {Record<string, string>} the intake's word for a bound, which people can do something about */
const REFUSALS = { 'the text is too large': 'unsent.full' }

export class UnsentBoxes {
  /**
   * @param {HTMLElement} place
   * @param {Translate} translate
   */
  constructor (place, translate) {
    this.place = place
    this.translate = translate
    /** @type {Set<number>} */
    this.shown = new Set()
  }

  /**
   * @param {Unsent} unsent
   * @param {() => void} forget
   */
  show (unsent, forget) {
    if (this.shown.has(unsent.at)) return
    this.shown.add(unsent.at)
    const id = `unsent-${unsent.at}`
    const box = make('section', { class: 'unsent', role: 'region', 'aria-labelledby': id })
    const words = make('textarea', { class: 'in', readonly: true, rows: Math.min(12, unsent.text.split('\n').length + 1), 'aria-labelledby': id })
    words.value = unsent.text
    const copy = make('button', { type: 'button', class: 'btn small' }, this.translate('unsent.copy'))
    copy.addEventListener('click', () => this.copy(words, copy))
    const done = make('button', { type: 'button', class: 'btn small quiet' }, this.translate('unsent.done'))
    done.addEventListener('click', () => {
      box.remove()
      forget()
    })
    box.append(make('p', { id }, this.sentence(unsent)))
    if (unsent.text) box.append(words)
    box.append(make('div', { class: 'act' }, ...(unsent.text ? [copy] : []), done))
    this.place.append(box)
  }

  /** @param {Unsent} unsent */
  sentence ({ why, reason, text }) {
    const frozen = reason ? 'unsent.frozen_by' : 'unsent.frozen'
    const key = why === 'frozen' ? frozen : SENTENCES[why] ?? REFUSALS[reason] ?? 'unsent.refused'
    return [this.translate(key, { name: reason }), this.translate(text ? 'unsent.below' : 'unsent.formatting')].join(' ')
  }

  /**
   * @param {HTMLTextAreaElement} words
   * @param {HTMLButtonElement} button
   */
  async copy (words, button) {
    words.focus()
    words.select()
    try {
      await navigator.clipboard.writeText(words.value)
    } catch {
      document.execCommand('copy') // no permission, or a page without https
    }
    button.textContent = this.translate('unsent.copied')
  }

  /**
   * Shows what earlier page loads left, except for paragraphs that are in the text after all.
   * @param {Store} store
   * @param {Y.Doc} doc
   */
  async showKept (store, doc) {
    if (!store.database) return
    const there = new Set(leftovers.paragraphs(doc))
    for (const unsent of await store.unsent()) {
      const forget = () => store.forgetUnsent(unsent.key).catch(() => {})
      const text = unsent.text.split('\n').filter((line) => !there.has(line)).join('\n')
      if (unsent.text && !text.trim()) forget()
      else this.show({ ...unsent, text }, forget)
    }
  }
}
