import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EditorState, TextSelection } from 'prosemirror-state'
import { ySyncPluginKey } from 'y-prosemirror'
import { blockLanguage, detectAtCursor, languageAt, languages, setLanguage } from '../src/lang.js'
import { schema } from '../src/schema.js'

const cases = [
  ['English alone stays as it is', 'The working group', null, [], null],
  ['Hangul is Korean', '세 나라의 연구자', null, [], 'ko'],
  ['kana is Japanese', 'ワーキンググループは提言する', null, [], 'ja'],
  ['kana among Chinese characters is Japanese', '三か国は情報を共有する', null, [], 'ja'],
  ['Hangul among Chinese characters is Korean', '韓國은 提案한다', null, [], 'ko'],
  ['Chinese characters alone follow their neighbor', '重要鉱物供給途絶', null, ['ja', 'ko'], 'ja'],
  ['Chinese characters alone, without neighbors, are not guessed', '重要鉱物', null, [null, null], null],
  ['an English paragraph that names a Korean word stays', 'The term 정 has no equivalent in the agreement', null, [], null],
  ['a Japanese paragraph that quotes one Korean word stays', 'これは「정」という言葉についての説明である', null, [], 'ja'],
  ['a correction by hand stays', '重要鉱物供給途絶', 'ko', ['ja'], 'ko'],
  ['a block that turned into English is freed', 'Now all of this is written in English', 'ja', [], null],
  ['digits alone say nothing', '2026', 'ja', [], 'ja']
]

for (const [name, text, current, neighbors, expected] of cases) {
  test(name, () => assert.equal(blockLanguage(text, current, neighbors), expected))
}

const paragraph = (text, lang = null) => schema.node('paragraph', { lang }, text ? [schema.text(text)] : [])
const state = (...blocks) => EditorState.create({ doc: schema.node('doc', null, blocks), plugins: [languages()] })
const langs = ({ doc }) => doc.content.content.map((block) => block.attrs.lang)
const select = (now, from, to = from) => now.apply(now.tr.setSelection(TextSelection.create(now.doc, from, to)))
const set = (now, lang) => {
  let after = now
  setLanguage(lang)(now, (tr) => { after = now.apply(tr) })
  return after
}

test('a block takes the language of what is written in it, and no other block does', () => {
  const before = state(paragraph('One'), paragraph(''), paragraph('세 나라', null))
  const after = before.apply(before.tr.insertText('各国は合意する', 6))
  assert.deepEqual(langs(after), [null, 'ja', null])
})

test('while an input method composes nothing is changed under it', () => {
  const before = state(paragraph(''))
  const after = before.apply(before.tr.insertText('にほん', 1).setMeta('composition', 1))
  assert.deepEqual(langs(after), [null])
})

test('what others write is theirs to tell', () => {
  const before = state(paragraph(''))
  const after = before.apply(before.tr.insertText('にほん', 1).setMeta(ySyncPluginKey, { isChangeOrigin: true }))
  assert.deepEqual(langs(after), [null])
})

test('once a composition is over the block of the cursor is looked at again', () => {
  const view = { state: select(EditorState.create({ doc: schema.node('doc', null, [paragraph('にほん')]) }), 2), editable: true }
  view.dispatch = (tr) => { view.state = view.state.apply(tr) }
  detectAtCursor(view)
  assert.deepEqual(langs(view.state), ['ja'])
})

test('by hand, some words of a block are marked and whole blocks change their own language', () => {
  const marked = set(select(state(paragraph('The term 정 is old')), 10, 11), 'ko')
  assert.deepEqual(langs(marked), [null])
  assert.equal(languageAt(select(marked, 11)), 'ko')
  assert.equal(languageAt(set(select(marked, 10, 11), null)), '')

  const whole = set(select(state(paragraph('重要'), paragraph('鉱物')), 1, 7), 'ja')
  assert.deepEqual(langs(whole), ['ja', 'ja'])
  assert.equal(languageAt(whole), 'ja')
})
