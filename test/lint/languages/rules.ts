import type { Language } from './texts.ts'

/** What a text in a language must not contain, and what to write instead. Texts come without code; code and values are `x`. */
export interface Rule {
  readonly found: RegExp
  readonly say: string
  /** Where the rule does not apply. */
  readonly except?: RegExp
}

const HAN = String.raw`\p{Script=Han}`
const HANGUL = String.raw`\p{Script=Hangul}`

export const RULES: Readonly<Record<Language, readonly Rule[]>> = {
  en: [
    {
      found: /\b(?:somebody|someone|nobody|no one|anybody|anyone|everybody|whosoever)\b/i,
      say: 'name the actor: you, the worker, systemd',
    },
    { found: /\bin (?:hand|its hands)\b/i, say: 'in progress, that it is handling' },
    { found: /\b(?:whom|whoever)\b/i, say: 'name the actor, or write which one' },
    { found: /[,;:] for (?:it|they|there|he|she|we|nothing)\b/, say: 'because, so' },
    {
      found:
        /\b(?:for ever|anew|hence|thereby|whence|whilst|lest|upon|reckon\w*|without further ado|look what)\b/i,
      say: 'a plain word: again, so, on, for good',
    },
    { found: /\b(?:moreover|furthermore|in order to|utili[sz]e\w*)\b/i, say: 'also, to, use' },
    { found: /\b(?:of course|obviously|simply|basically)\b/i, say: 'nothing' },
    { found: /\b(?:e\.g\.|i\.e\.|etc\.)/i, say: 'for example, that is, and so on' },
    { found: /\bbelongs? into\b/i, say: 'belongs in' },
    {
      found: /\bstands? (?:in|below|above|here|there)\b/i,
      say: 'is in, is below',
      except: /^(?!content\/(?:docs|labs)\/)/,
    },
    { found: /\bboss\b/i, say: 'parent or process manager' },
    { found: /(?:[^\s.?!:;|]+ ){40}/, say: 'two sentences', except: /^(?!content\/docs\/)/ },
  ],
  'zh-cn': [
    { found: /[「」『』]/u, say: '“ ”' },
    { found: /您/u, say: '你' },
    { found: /让我们|我们将/u, say: 'a statement' },
    { found: new RegExp(`${HAN}[,;:?!]|[,;:?!]${HAN}`, 'u'), say: 'full-width signs ，；：？！' },
    { found: new RegExp(`${HAN}\\(|\\)${HAN}`, 'u'), say: 'full-width brackets （）' },
    {
      found: new RegExp(`${HAN}[A-Za-z0-9]|[A-Za-z0-9]${HAN}`, 'u'),
      say: 'a blank between Chinese and Latin',
    },
    {
      found: /[，。：；？！、（）“”] (?=[^ |])|(?<=[^ |]) [，。：；？！、（）“”]/u,
      say: 'no blank beside full-width signs',
    },
    { found: /请求[^。，？]{0,8}(?:得到|收到)[^。，？]{0,4}回答|回答[^。，？]{0,4}请求/u, say: '响应' },
    { found: /手里(?:的|有|没有|正)|手上的事/u, say: '正在处理的请求' },
    { found: /换一天|休眠|引导加载|游乐场|数数/u, say: 'what happens, without the English picture' },
  ],
  ko: [
    { found: /[「」『』，。：；？！（）]/u, say: 'half-width signs and “ ”' },
    { found: /당신/u, say: 'nothing' },
    { found: /(?<!니)다[.!]/u, say: '합니다체' },
    {
      found: /(?:[^세까나니]요|하라|하자|[가-힣]는가|을까|할까|[가-힣]자)[.?!]/u,
      say: '-(으)세요, -(으)ㄹ까요?',
    },
    {
      found: /을\(를\)|를\(을\)|이\(가\)|은\(는\)|와\(과\)|과\(와\)|\(으\)로/u,
      say: 'a noun before the particle',
    },
    { found: new RegExp(`${HANGUL} \\([A-Za-z]+\\)`, 'u'), say: 'the bracket beside the word' },
    { found: /운영 체제|파이썬|리눅스|자바스크립트/u, say: '운영체제, Python, Linux, JavaScript' },
    { found: /멈춰[지졌짐]|맺어[지진졌]|보여[지진졌]|되어[지진졌]/u, say: 'one passive' },
    { found: /손에 (?:들고|쥐고|있던)|가져오[는지]/u, say: 'what happens, without the English picture' },
  ],
}

/** In Korean a value takes its particle through a noun: {pid}번 프로세스가. Tried on the texts as they are written. */
export const PARTICLE = /\{\w+\}(?:을|를|이|가|은|는|과|와|으로)(?![가-힣])/u
