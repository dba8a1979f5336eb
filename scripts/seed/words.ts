import type { Random } from '../../test/kit/random.ts'
import { skewed } from './draw.ts'

/** The languages people of the seeded world write in, and how often. */
export type Language = 'english' | 'german' | 'chinese' | 'japanese' | 'arabic'
const SHARES: readonly (readonly [Language, number])[] = [
  ['english', 55],
  ['german', 20],
  ['chinese', 10],
  ['japanese', 8],
  ['arabic', 7],
]

const split = (text: string): string[] => text.trim().split(/\s+/)

const ENGLISH = split(`
the to i you a and is it of in that for on we have with this be are not at but can so do just what my was if as
me your they will no all there get like when how out about up good one time now know our from or think would
need please here let go see well yes more then some could today meeting make tomorrow work who thanks new its
should why really want sure back right still by team people also them last did where after off week got too
report us been only done before first day release an which review next doc has any into great morning sorry
down check again call office lunch coffee budget deploy server login invoice customer design draft plan Friday
Monday ticket branch build test failed green merged picture train late early dinner birthday weather weekend
football concert holiday garden kitchen keys doctor school homework teacher bicycle river mountain photo song`)
const GERMAN = split(`
ich die und der das ist nicht du wir zu es ein in ja mit auf auch so für den wie hat habe aber noch von mal dann
was schon im heute kann sind wenn bei nur morgen mir eine hier oder uns dir um alle gut nach war bin da danke
bitte wann gerne sehr über können machen wieder Besprechung Rechnung Büro Zug Termin Kaffee Straße Grüße Übung
Geburtstag Wochenende Küche Fahrrad Prüfung Lösung Änderung schön später früher möglich natürlich vielleicht
Entwurf Auslieferung Fehler Mannschaft Garten Schlüssel Wetter Urlaub Bahnhof Müller Käse Brötchen`)
const CHINESE = split(`
的 了 是 我 不 在 有 你 这 好 们 就 吗 会 要 也 都 去 来 吧 说 今天 明天 会议 可以 什么 我们 他们 现在 时候 知道 谢谢 没有 一下
报告 项目 公司 客户 问题 上海 北京 东京 文件 下午 上午 晚上 吃饭 咖啡 火车 地铁 周末 生日 天气 照片 电影 音乐 学校 老师
学生 测试 发布 版本 服务器 数据库 密码 设计 预算 发票 合同 安排 时间 地点 高兴 辛苦 马上 已经 应该 需要 帮忙 确认 讨论 改天`)
const JAPANESE = split(`
は の を に が で と も です ます した ます。 から まで ください ありがとう おはよう すみません 今日 明日 会議 東京 京都 大阪 資料 確認
お願いします 了解 です。 電車 遅れ 昼休み 写真 映画 音楽 学校 先生 宿題 天気 週末 誕生日 珈琲 コーヒー サーバー データベース リリース
テスト エラー デザイン 予算 請求書 契約 打ち合わせ 場所 時間 大丈夫 楽しみ 後で また 少し とても 新しい 古い 早い 行きます 見ました`)
const ARABIC = split(`
في من على إلى هذا أن لا ما هل نعم كان مع عن كل اليوم غدا شكرا صباح مساء الخير اجتماع تقرير مشروع مكتب قهوة قطار وقت عمل
فريق جديد جيد سؤال جواب ملف صورة فيلم موسيقى مدرسة معلم طالب اختبار خادم كلمة السر تصميم ميزانية فاتورة عقد عميل القاهرة
بيروت دبي الطقس عطلة عيد ميلاد الحديقة المطبخ مفتاح طبيب متأخر مبكر عشاء غداء مباراة أغنية جبل نهر كتاب كُتُب أُسرة`)

const EMOJI = split(`👍 😂 ❤️ 🎉 🙏 😊 🔥 ✅ 👀 🚀 😅 🤔 👋🏽 👨‍👩‍👧 🇩🇪 🇯🇵 ☕ 🍕 🌧️ 🎂`)
export const REACTIONS = split('👍 ❤️ 😂 🎉 👀 🙏 ✅ 🚀')

const ONSETS = split('b br c ch d dr f fl g gr h j k kl l m n p pl qu r s sch sp st t tr v w z')
const NUCLEI = split('a e i o u ai ea io ou ä ö ü é')
const CODAS = split('n r s t l nd rt st ck ng m x')

/** A made-up word: what names, products and jargon are to a vocabulary. */
function jargon({ below, pick }: Random): string {
  let word = ''
  for (let syllables = 1 + below(3); syllables >= 0; syllables -= 1) word += pick(ONSETS) + pick(NUCLEI)
  return word + pick(CODAS)
}

interface Tongue {
  readonly words: readonly string[]
  readonly space: string
  readonly end: string
}

/** What people say: short texts mostly, a few long ones, from vocabularies in which few words make up most of it. */
export interface Speech {
  language(): Language
  text(language: Language): string
  title(language: Language): string
}

/** How many made-up words each language with an alphabet has behind its real ones. */
const JARGON = 20_000

export function createSpeech(random: Random): Speech {
  const { below, chance, pick } = random
  const made = Array.from({ length: JARGON }, () => jargon(random))
  const tongues: Readonly<Record<Language, Tongue>> = {
    english: { words: [...ENGLISH, ...made], space: ' ', end: '.' },
    german: { words: [...GERMAN, ...made.toReversed()], space: ' ', end: '.' },
    chinese: { words: CHINESE, space: '', end: '。' },
    japanese: { words: JAPANESE, space: '', end: '。' },
    arabic: { words: ARABIC, space: ' ', end: '؟' },
  }
  const word = ({ words }: Tongue): string => words[skewed(random, words.length)] ?? ''
  const sentence = (tongue: Tongue, length: number): string =>
    Array.from({ length }, () => word(tongue)).join(tongue.space)

  return {
    language() {
      let left = below(100)
      return SHARES.find(([, share]) => (left -= share) < 0)?.[0] ?? 'english'
    },
    text(language) {
      const tongue = tongues[language]
      const length = chance(0.003) ? 200 + below(300) : 1 + skewed(random, 25)
      let text = sentence(tongue, length)
      if (chance(0.3)) text += tongue.end
      if (chance(0.12)) text += ` ${pick(EMOJI)}`
      if (chance(0.03)) text += ` https://example.org/${jargon(random)}/${below(10_000)}`
      // In every world of many events some of these stand in exactly one.
      if (chance(0.02)) text += ` PAR-${below(100_000)}`
      if (chance(0.04)) text = `**${word(tongue)}** ${text}`
      return text
    },
    title(language) {
      const title = sentence(tongues[language], 2 + below(2))
      return title.charAt(0).toUpperCase() + title.slice(1)
    },
  }
}
