/** A small native dialog with one form; Esc closes it and the focus returns to the text. */
import { make } from './words.js'

let number = 0

/**
 * @param {object} options title, label, value, hint, long (a textarea), remove (text of that button, if any)
 * @param {(text: string) => string|null} options.check gives the sentence for what is wrong
 * @returns {Promise<{text: string}|{removed: true}|null>} null when it was left
 */
export function ask ({ title, label, value = '', hint, long = false, remove, check, say, limit }) {
  const id = `dialog-${++number}`
  const field = make(long ? 'textarea' : 'input', {
    id, class: 'in', maxlength: limit, 'aria-describedby': `${id}-hint ${id}-error`, ...(long ? { rows: 5 } : { type: 'text', inputmode: 'url', autocomplete: 'off' })
  })
  field.value = value
  const error = make('p', { id: `${id}-error`, class: 'err', role: 'alert' })
  const button = (text, name, kind) => make('button', { type: name === 'save' ? 'submit' : 'button', class: `btn ${kind}`, 'data-do': name }, text)
  const form = make('form', { class: 'field' },
    make('label', { for: id }, label), field, make('p', { id: `${id}-hint`, class: 'hint' }, hint), error,
    make('div', { class: 'act' }, button(say('dialog.save'), 'save', 'primary'),
      ...(remove ? [button(remove, 'remove', '')] : []), button(say('dialog.cancel'), 'cancel', 'quiet')))
  const dialog = make('dialog', { class: 'box', 'aria-labelledby': `${id}-title` }, make('h2', { id: `${id}-title` }, title), form)
  document.body.append(dialog)

  return new Promise((resolve) => {
    const finish = (answer) => {
      resolve(answer)
      dialog.remove()
    }
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      const wrong = check(field.value)
      error.textContent = wrong ?? ''
      field.toggleAttribute('aria-invalid', Boolean(wrong))
      if (wrong) field.focus()
      else finish({ text: field.value })
    })
    form.querySelector('[data-do=remove]')?.addEventListener('click', () => finish({ removed: true }))
    form.querySelector('[data-do=cancel]').addEventListener('click', () => finish(null))
    form.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.isComposing) form.requestSubmit()
    })
    dialog.addEventListener('cancel', () => finish(null))
    dialog.showModal()
    field.focus()
  })
}
