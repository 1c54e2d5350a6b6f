/**
 * Writing the first comment of a thread: the server makes the thread, then its id becomes the mark.
 * What was typed stays in the form until it has arrived.
 */
import { keepPlace } from './places.js'
import { findQuotation, quotation } from './quotations.js'
import { schema } from './schema.js'
import { setThreads } from './threads.js'
import { make } from './words.js'

export class Composer {
  /** @param {{place: HTMLElement, url: string, say: Function, view: () => object, marks: () => boolean, done: (id: string) => void, show: (open: boolean) => void}} options */
  constructor (options) {
    Object.assign(this, options)
    this.form = null
  }

  /** Opens the form for the selected words; false when none are selected. */
  open () {
    const { state } = this.view()
    const { from, to } = state.selection
    const passage = quotation(state.doc, from, to)
    if (!passage.quote.trim()) return false
    this.close()
    this.passage = passage
    this.whereabouts = keepPlace(state, from, to)
    setThreads(this.view(), { pending: this.whereabouts })
    this.draw()
    return true
  }

  draw () {
    const { say } = this
    this.words = make('textarea', { class: 'in', id: 'composer-words', rows: 3, required: true, maxlength: 5000 })
    this.error = make('p', { class: 'err', role: 'alert' })
    this.send = make('button', { type: 'submit', class: 'btn primary small' }, say('comment.send'))
    const cancel = make('button', { type: 'button', class: 'btn quiet small' }, say('dialog.cancel'))
    this.form = make('form', { class: 'card on composer', 'aria-label': say('comment.new') },
      make('p', { class: 'q' }, this.passage.quote),
      make('label', { for: 'composer-words', class: 'vh' }, say('comment.label')),
      this.words, this.error, make('div', { class: 'act' }, this.send, cancel))
    cancel.addEventListener('click', () => this.leave())
    this.form.addEventListener('submit', (event) => {
      event.preventDefault()
      this.post()
    })
    this.form.addEventListener('keydown', (event) => {
      if (event.isComposing) return
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.form.requestSubmit()
      if (event.key === 'Escape') this.leave()
    })
    this.place.prepend(this.form)
    this.show(true)
    this.words.focus()
  }

  async post () {
    const body = this.words.value.trim()
    if (!body || this.send.disabled) return
    this.send.disabled = true
    this.error.textContent = ''
    const { thread, error } = await this.ask(body)
    this.send.disabled = false
    if (thread === undefined) {
      this.error.textContent = error
      this.words.focus()
      return
    }
    this.mark(thread)
    this.leave()
    this.done(String(thread))
  }

  async ask (body) {
    const token = document.querySelector('meta[name="csrf-token"]')?.content ?? ''
    try {
      const answer = await fetch(this.url, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'X-Requested-With': 'fetch', Accept: 'application/json' },
        body: new URLSearchParams({ body, ...this.passage, csrf_token: token })
      })
      const json = await answer.json().catch(() => ({}))
      return answer.status === 201 ? json : { error: json.error ?? this.say('comment.failed') }
    } catch {
      return { error: this.say('comment.offline') }
    }
  }

  /** Anchors the thread where its words are now; without them it keeps its quotation alone. */
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
