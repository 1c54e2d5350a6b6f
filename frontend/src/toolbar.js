/** The toolbar that the page renders: one tab stop, arrow keys inside, states that follow the cursor. */
import { blockStyle, commands } from './commands.js'
import { languageAt } from './lang.js'
import { isInTable } from 'prosemirror-tables'

/**
 * @import { EditorState } from 'prosemirror-state'
 * @import { EditorView } from 'prosemirror-view'
 * @typedef {HTMLButtonElement|HTMLSelectElement} Control
 */

/**
 * @param {EventTarget|null} target
 * @returns {HTMLButtonElement|null}
 */
const buttonAt = (target) => target instanceof Element ? target.closest('button[data-command]') : null

export class Toolbar {
  /**
   * @param {HTMLElement} place with buttons and selects that carry data-command
   * @param {Record<string, (view: EditorView) => unknown>} acts commands that open something: link, footnote, comment
   */
  constructor (place, acts) {
    this.place = place
    this.acts = acts
    /** @type {EditorView|null} */
    this.view = null
    /** @type {number|null} */
    this.frame = null
    this.controls = /** @type {Control[]} */ ([...place.querySelectorAll('[data-command]')])
    place.addEventListener('mousedown', (event) => {
      if (buttonAt(event.target)) event.preventDefault() // the selection stays
    })
    place.addEventListener('click', (event) => {
      const button = buttonAt(event.target)
      if (button) this.run(button.dataset.command ?? '')
    })
    place.addEventListener('change', (event) => this.choose(event.target))
    place.addEventListener('keydown', (event) => this.move(event))
    place.addEventListener('focusin', (event) => this.rest(event.target))
    this.show(null)
  }

  /** @param {EventTarget|null} target */
  choose (target) {
    if (!(target instanceof HTMLSelectElement)) return
    const select = target
    if (select.dataset.command === 'style') this.run(select.value)
    if (select.dataset.command === 'language') this.run(`lang-${select.value || 'auto'}`)
  }

  /** @param {string} name */
  run (name) {
    const { view } = this
    if (!view) return
    if (this.acts[name]) {
      this.acts[name](view)
      return
    }
    commands[name]?.run(view.state, view.dispatch, view)
    view.focus()
  }

  // ---- keyboard

  /** @returns {Control[]} */
  get reachable () { return this.controls.filter((control) => !control.disabled && !control.closest('[hidden]')) }

  /**
   * Makes one control the toolbar's tab stop.
   * @param {EventTarget|null} control
   */
  rest (control) {
    const stop = this.reachable.find((one) => one === control) ?? this.reachable[0]
    for (const one of this.controls) one.tabIndex = one === stop ? 0 : -1
  }

  /** @param {KeyboardEvent} event */
  move (event) {
    const all = this.reachable
    const at = all.findIndex((one) => one === event.target)
    /** @type {Record<string, number>} */
    const targets = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }
    const to = targets[event.key]
    if (event.key === 'Escape') this.view?.focus()
    else if (to === undefined || at < 0) return
    else all[(to + all.length) % all.length].focus()
    event.preventDefault()
    event.stopPropagation() // the page moves inside its other toolbars
  }

  focus () {
    const all = this.reachable
    ;(all.find((control) => control.tabIndex === 0) ?? all[0])?.focus()
    return true
  }

  // ---- what it shows

  /**
   * Draws the states of the buttons, at most once a frame.
   * @param {EditorView|null} view
   */
  show (view) {
    this.view = view
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null
      this.draw()
    })
  }

  draw () {
    const state = this.view?.state
    const editable = Boolean(this.view?.editable)
    const inTable = state !== undefined && isInTable(state)
    for (const group of this.place.querySelectorAll('[data-when=table]')) group.toggleAttribute('hidden', !inTable || !editable)
    for (const control of this.controls) this.drawOne(control, state, editable)
    if (!this.reachable.some((control) => control.tabIndex === 0)) this.rest(null)
  }

  /**
   * @param {Control} control
   * @param {EditorState|undefined} state
   * @param {boolean} editable
   */
  drawOne (control, state, editable) {
    const name = control.dataset.command ?? ''
    const command = commands[name]
    control.disabled = !state || (name === 'comment' ? false : !editable || Boolean(command && !command.run(state)))
    if (!state) return
    if (command?.pressed) control.setAttribute('aria-pressed', String(command.pressed(state)))
    if (name === 'style') control.value = blockStyle(state)
    if (name === 'language' && control instanceof HTMLSelectElement) {
      const lang = languageAt(state)
      control.value = [...control.options].some((option) => option.value === lang) ? lang : ''
    }
  }
}
