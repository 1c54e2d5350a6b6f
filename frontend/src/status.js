/** Says what is saved: at once for the eye, at most every 5 s for a screen reader. */
import { make } from './words.js'

const QUIET = 5000 // ms between two announcements
const GRACE = 1000 // ms that a lost connection without unsaved words goes unmentioned

const LOOKS = { opening: 'saving', closed: 'readonly', unkept: 'unsaved' } // the style sheet's names, where they differ

/** Names the state: saved, saving, unsaved, unkept (on no disk either), offline, opening, closed. */
export function saveState ({ state, outbox, frozen, lostFor }) {
  if (state === 'loading') return 'opening'
  if (['removed', 'reload', 'stopped'].includes(state)) return 'closed'
  if (outbox.empty && frozen) return 'closed'
  if (outbox.empty) return state === 'live' || lostFor < GRACE ? 'saved' : 'offline'
  if (!outbox.kept && (state !== 'live' || outbox.late)) return 'unkept'
  return state === 'live' && !outbox.late ? 'saving' : 'unsaved'
}

export class Status {
  constructor (place, say) {
    this.place = place
    this.say = say
    this.eye = make('span', { 'aria-hidden': 'true' })
    this.ear = make('span', { class: 'vh' })
    place.replaceChildren(this.eye, this.ear)
    this.spoken = 0
    this.lost = null
    addEventListener('beforeunload', (event) => {
      if (!this.outbox || this.outbox.empty || this.outbox.kept) return
      event.preventDefault()
      event.returnValue = ''
    })
  }

  show ({ state, outbox, frozen }) {
    this.outbox = outbox
    this.lost = state === 'live' || state === 'loading' ? null : this.lost ?? Date.now()
    const lostFor = this.lost ? Date.now() - this.lost : 0
    const name = saveState({ state, outbox, frozen, lostFor })
    clearTimeout(this.again)
    if (name === 'saved' && this.lost) this.again = setTimeout(() => this.show({ state, outbox, frozen }), GRACE)
    if (this.name === name) return
    this.name = name
    this.place.dataset.state = LOOKS[name] ?? name
    this.eye.textContent = this.say(`state.${name}`)
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.speak(), Math.max(0, this.spoken + QUIET - Date.now()))
  }

  speak () {
    this.spoken = Date.now()
    if (this.ear.textContent !== this.eye.textContent) this.ear.textContent = this.eye.textContent
  }
}
