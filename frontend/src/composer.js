/**
 * Writing the first comment of a thread: the server creates the thread, then its id becomes the mark,
 * unless the server says that a mark would reveal who set it.
 * What was typed stays in the form until it has arrived.
 */
import { SENDING, fetchInTime } from '../../workgroup/static/patience.js'
import { asPerson } from '../../workgroup/static/person.js'
import { keepPlace } from './places.js'
import { Retries } from './retries.js'
import { findQuotation, quotation } from './quotations.js'
import { schema } from './schema.js'
import { setThreads } from './threads.js'
import { make } from './elements.js'

/**
 * @import { EditorView } from 'prosemirror-view'
 * @import { Place } from './places.js'
 * @import { Translate } from './translations.js'
 * @typedef {object} Options
 * @property {HTMLElement} place
 * @property {string} url
 * @property {string} names how the cohort named people when the page was rendered, or as a later refusal stated
 * @property {string} person whose page this is
 * @property {() => Promise<string|null>} who is signed in now: '' for nobody, null without an answer
 * @property {Translate} translate
 * @property {() => EditorView|null} view
 * @property {() => boolean} marks whether the text can be marked now
 * @property {(id: string) => void} done
 * @property {(open: boolean) => void} show
 */

export class Composer {
  /** @param {Options} options */
  constructor ({ place, url, names, person, who, translate, view, marks, done, show }) {
    this.place = place
    this.url = url
    this.names = names
    this.person = person
    this.who = who
    this.translate = translate
    this.view = view
    this.marks = marks
    this.done = done
    this.show = show
    /** @type {HTMLFormElement|null} */
    this.form = null
    /** @type {Place} */
    this.whereabouts = () => null
    this.retries = new Retries()
    this.passage = { quote: '', prefix: '', suffix: '' }
    this.words = make('textarea')
    this.error = make('p')
    this.send = make('button')
  }

  /** Opens the form for the selected words; false when none are selected. */
  open () {
    const view = this.view()
    if (!view) return false
    const { state } = view
    const { from, to } = state.selection
    const passage = quotation(state.doc, from, to)
    if (!passage.quote.trim()) return false
    this.close()
    this.passage = passage
    this.retries = new Retries()
    this.whereabouts = keepPlace(state, from, to)
    setThreads(view, { pending: this.whereabouts })
    this.draw()
    return true
  }

  draw () {
    const { translate } = this
    this.words = make('textarea', { class: 'in', id: 'composer-words', rows: 3, required: true })
    this.error = make('p', { class: 'err', role: 'alert' })
    this.send = make('button', { type: 'submit', class: 'btn primary small' }, translate('comment.send'))
    const cancel = make('button', { type: 'button', class: 'btn quiet small' }, translate('dialog.cancel'))
    const form = this.form = make('form', { class: 'card on composer', 'aria-label': translate('comment.new') },
      make('p', { class: 'q' }, this.passage.quote),
      make('label', { for: 'composer-words', class: 'vh' }, translate('comment.label')),
      this.words, this.error, make('div', { class: 'act' }, this.send, cancel))
    cancel.addEventListener('click', () => this.leave())
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      this.post()
    })
    form.addEventListener('keydown', (event) => {
      if (event.isComposing) return
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit()
      if (event.key === 'Escape') this.leave()
    })
    this.place.prepend(form)
    this.show(true)
    this.words.focus()
  }

  async post () {
    const body = this.words.value.trim()
    if (!body || this.send.disabled) return
    this.send.disabled = true
    this.error.textContent = ''
    const { thread, marked, error } = await this.ask(body)
    this.send.disabled = false
    if (thread === undefined) {
      this.error.textContent = error ?? ''
      this.words.focus()
      return
    }
    this.retries.confirm()
    if (marked) this.mark(thread)
    this.leave()
    this.done(String(thread))
  }

  /**
   * @param {string} body
   * @param {boolean} [isAgain] the same person has signed in again, so it is sent once more
   * @returns {Promise<{thread?: string, marked?: boolean, error?: string}>}
   */
  async ask (body, isAgain = false) {
    const token = document.querySelector('meta[name="csrf-token"]')?.getAttribute('content') ?? ''
    try {
      const answer = await fetchInTime(this.url, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'X-Requested-With': 'fetch', Accept: 'application/json', ...asPerson() },
        body: new URLSearchParams({ body, ...this.passage, names: this.names, form_key: this.retries.keyFor(body), filled_by: this.person, csrf_token: token })
      }, SENDING) // sending it again does no harm
      const json = await answer.json().catch((fault) => {
        if (answer.ok) throw fault // it broke off, so the thread's id is not known
        return {}
      })
      this.names = json.names ?? this.names // a refusal states how people are named now
      if (answer.status === 201) return json
      const who = [400, 401].includes(answer.status) ? await this.who() : null
      if (who === this.person && !isAgain) return this.ask(body, true)
      if (who === '') return { error: this.translate('session.ended') }
      return { error: who && who !== this.person ? this.translate('session.other') : json.error ?? this.translate('comment.failed') }
    } catch {
      return { error: this.translate('comment.offline') }
    }
  }

  /**
   * Anchors the thread where its words are now; if they are gone, it keeps only its quotation.
   * @param {string} id
   */
  mark (id) {
    const view = this.view()
    if (!view || !this.marks()) return
    const now = this.whereabouts(view.state)
    const range = now && now.to > now.from ? now : findQuotation(view.state.doc, this.passage)
    if (!range) return
    view.dispatch(view.state.tr.addMark(range.from, range.to, schema.marks.comment.create({ id })).setMeta('addToHistory', false))
  }

  close () {
    this.form?.remove()
    this.form = null
    const view = this.view()
    if (view) setThreads(view, { pending: null })
  }

  leave () {
    this.close()
    this.show(false)
    this.view()?.focus()
  }
}
