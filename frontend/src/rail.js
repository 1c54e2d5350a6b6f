/** The cards of the discussion beside the text: which threads are open, which is active, which lost its words. */
import { passages } from './threads.js'

/**
 * @import { Node } from 'prosemirror-model'
 * @import { Card } from './threads.js'
 */

const SETTLE = 300 // ms after a change before lost passages are searched for

/**
 * @param {HTMLElement} card
 * @returns {Card}
 */
const readCard = (card) => ({
  id: card.dataset.thread ?? '',
  open: card.dataset.state !== 'resolved',
  anchor: card.dataset.anchor ?? 'mark',
  quote: card.dataset.quote ?? '',
  prefix: card.dataset.prefix ?? '',
  suffix: card.dataset.suffix ?? ''
})

export class Rail {
  /**
   * @param {HTMLElement} place
   * @param {{cards: (cards: Card[], elsewhere: Set<string>) => void, chosen: (id: string) => void}} listeners
   */
  constructor (place, listeners) {
    this.place = place
    this.listeners = listeners
    /** @type {string|null} */
    this.active = null
    /** @type {Node|null} */
    this.doc = null
    /** @type {ReturnType<typeof setTimeout>|null} */
    this.timer = null
    this.observer = new MutationObserver(() => this.read())
    this.observer.observe(place, { childList: true, subtree: true })
    // Choosing a thread scrolls the page to its words. Under a pointer that is still down nothing may move, or its
    // release misses the button that was pressed; the click that follows chooses the thread.
    let pressing = false
    place.addEventListener('pointerdown', () => { pressing = true })
    for (const end of ['pointerup', 'pointercancel']) addEventListener(end, () => { pressing = false }, true)
    for (const kind of ['click', 'focusin']) {
      place.addEventListener(kind, (event) => {
        if (pressing) return
        const card = /** @type {HTMLElement} */ (event.target).closest('[data-thread]')
        const id = card instanceof HTMLElement && card.dataset.thread
        if (id && id !== this.active) this.listeners.chosen(id)
      })
    }
  }

  /**
   * On narrow screens the discussion is a drawer, which the page's own buttons open and close.
   * @param {boolean} open
   */
  show (open) {
    const drawer = this.place.closest('.rail') ?? this.place
    const hidden = drawer.getClientRects().length === 0
    /** @param {ParentNode} parent @param {string} selector */
    const press = (parent, selector) => /** @type {HTMLElement|null} */ (parent.querySelector(selector))?.click()
    if (open && hidden) press(document, `[data-drawer="${drawer.id}"]`)
    if (!open && drawer.classList.contains('open')) press(drawer, '.drawer-close')
  }

  get elements () { return /** @type {HTMLElement[]} */ ([...this.place.querySelectorAll('[data-thread]')]) }

  /** The first characters of the ids of open threads whose cards are not here. */
  get elsewhere () {
    const list = /** @type {HTMLElement|null} */ (this.place.querySelector('[data-elsewhere]'))
    return new Set(list?.dataset.elsewhere?.split(' '))
  }

  get cards () { return this.elements.map(readCard) }

  read () {
    this.listeners.cards(this.cards, this.elsewhere)
    this.mark()
    this.look(this.doc)
  }

  /**
   * Shows one card as active; true when there is such a card.
   * @param {string} id
   * @param {boolean} scroll
   */
  activate (id, scroll) {
    this.active = id
    this.mark()
    const card = this.elements.find((one) => one.dataset.thread === id)
    if (card && scroll) card.scrollIntoView({ block: 'nearest' })
    return Boolean(card)
  }

  mark () {
    for (const card of this.elements) {
      const on = card.dataset.thread === this.active
      card.classList.toggle('on', on)
      if (on) card.setAttribute('aria-current', 'true')
      else card.removeAttribute('aria-current')
    }
  }

  /**
   * Checks, a moment later, which threads have lost their passage in this document.
   * @param {Node|null} doc
   */
  look (doc) {
    this.doc = doc
    if (!doc) return
    this.timer ??= setTimeout(() => {
      this.timer = null
      if (this.doc) this.markLost(this.doc)
    }, SETTLE)
  }

  /** @param {Node} doc */
  markLost (doc) {
    const found = passages(doc, this.cards)
    for (const element of this.elements) {
      const { id, anchor } = readCard(element)
      const lost = anchor !== 'section' && !found.has(id)
      element.classList.toggle('gone', lost)
      for (const sentence of element.querySelectorAll('[data-orphan]')) sentence.toggleAttribute('hidden', !lost)
    }
  }
}
