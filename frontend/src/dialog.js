/** A small native dialog with one form; Esc closes it and the focus returns to the text. */
import { make } from './elements.js'

/**
 * @import { Translate } from './translations.js'
 * @typedef {{text?: string, removed?: boolean}} Answer what was typed, or that the thing is to be removed
 */

let number = 0
/** @param {number} amount */
const written = (amount) => amount.toLocaleString(document.documentElement.lang)

/**
 * @param {object} options
 * @param {string} options.title
 * @param {string} options.label
 * @param {string} [options.value]
 * @param {string} options.hint
 * @param {boolean} [options.long] a textarea
 * @param {number} options.limit characters; more are not cut, which nobody would notice, but not taken either
 * @param {string|null} [options.remove] text of the button that removes, if there is one
 * @param {(text: string) => string|null} options.check gives the sentence for what is wrong
 * @param {Translate} options.translate
 * @returns {Promise<Answer|null>} null when it was left
 */
export function ask ({ title, label, value = '', hint, long = false, remove, check, translate, limit }) {
  const id = `dialog-${++number}`
  const field = make(long ? 'textarea' : 'input', {
    id, class: 'in', 'aria-describedby': `${id}-hint ${id}-error`, ...(long ? { rows: 5 } : { type: 'text', inputmode: 'url', autocomplete: 'off' })
  })
  field.value = value
  const error = make('p', { id: `${id}-error`, class: 'err', role: 'alert' })
  /**
   * @param {string} text
   * @param {'save'|'remove'|'cancel'} name
   * @param {string} kind
   */
  const button = (text, name, kind) => make('button', { type: name === 'save' ? 'submit' : 'button', class: `btn ${kind}`, 'data-do': name }, text)
  const form = make('form', { class: 'field' },
    make('label', { for: id }, label), field, make('p', { id: `${id}-hint`, class: 'hint' }, hint), error,
    make('div', { class: 'act' }, button(translate('dialog.save'), 'save', 'primary'),
      ...(remove ? [button(remove, 'remove', '')] : []), button(translate('dialog.cancel'), 'cancel', 'quiet')))
  const dialog = make('dialog', { class: 'box', 'aria-labelledby': `${id}-title` }, make('h2', { id: `${id}-title` }, title), form)
  document.body.append(dialog)

  return new Promise((resolve) => {
    /** @param {Answer|null} answer */
    const finish = (answer) => {
      resolve(answer)
      dialog.remove()
    }
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      const length = field.value.length
      const wrong = length > limit ? translate('dialog.long', { most: written(limit), length: written(length) }) : check(field.value)
      error.textContent = wrong ?? ''
      field.toggleAttribute('aria-invalid', Boolean(wrong))
      if (wrong) field.focus()
      else finish({ text: field.value })
    })
    form.querySelector('[data-do=remove]')?.addEventListener('click', () => finish({ removed: true }))
    form.querySelector('[data-do=cancel]')?.addEventListener('click', () => finish(null))
    form.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.isComposing) form.requestSubmit()
    })
    dialog.addEventListener('cancel', () => finish(null))
    dialog.showModal()
    field.focus()
  })
}
