/** Banners above the sheet: one for each reason, with its newest text, until the reason is gone. */
import { icon, make } from './elements.js'

/**
 * @import { Translate } from './translations.js'
 * @typedef {{kind?: 'info'|'warn'|'bad', text: string, link?: {text: string, href: string}, action?: {text: string, run: () => void}, closes?: boolean}} Notice
 */

const SYMBOLS = { info: 'info', warn: 'triangle-alert', bad: 'octagon-alert' }

export class Notices {
  /**
   * @param {HTMLElement} place
   * @param {Translate} translate
   */
  constructor (place, translate) {
    this.place = place
    this.translate = translate
    /** @type {Map<string, HTMLElement>} */
    this.shown = new Map()
  }

  /**
   * @param {string} key reason
   * @param {Notice} notice
   */
  show (key, { kind = 'info', text, link, action, closes = false }) {
    const banner = make('div', { class: `banner ${kind}`, role: kind === 'bad' ? 'alert' : 'status', 'data-notice': key })
    const sentence = make('p', {}, text)
    const words = make('div', {}, sentence)
    if (link) sentence.append(' ', make('a', { href: link.href, target: '_blank', rel: 'noopener' }, link.text))
    banner.append(icon(SYMBOLS[kind]), words)
    if (action) banner.append(this.button(action.text, action.run))
    if (closes) banner.append(this.button(this.translate('notice.close'), () => this.hide(key)))
    if (this.shown.get(key)?.textContent === banner.textContent) return
    this.hide(key)
    this.shown.set(key, banner)
    this.place.append(banner)
  }

  /**
   * @param {string} text
   * @param {() => void} run
   */
  button (text, run) {
    const button = make('button', { type: 'button', class: 'btn small' }, text)
    button.addEventListener('click', run)
    return button
  }

  /** @param {string} key */
  hide (key) {
    this.shown.get(key)?.remove()
    this.shown.delete(key)
  }
}
