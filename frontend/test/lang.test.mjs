import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blockLanguage } from '../src/lang.js'

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
