import { once } from './format.ts'
import type { en } from './en/index.ts'

/**
 * One text, or one for each plural category of the language; `{count}` chooses among those. `you` is for when the person
 * themselves is who does it (`{author}`, or else `{user}`): most languages conjugate that.
 */
export type Entry =
  | string
  | ({ readonly other: string } & { readonly [C in Intl.LDMLPluralRule | 'you']?: string })

export type TextKey = keyof typeof en

/** What a second language has to bring: every key, with the plural categories of that language. */
export type Catalogue = { readonly [K in TextKey]: Entry }

/** The `{names}` that a text has gaps for. */
type GapsOf<Text> = Text extends `${string}{${infer Gap}}${infer Rest}` ? Gap | GapsOf<Rest> : never
type GapsOfEntry<E> = E extends string ? GapsOf<E> : GapsOf<E[keyof E]> | 'count'
type Values<K extends TextKey> = {
  readonly [G in GapsOfEntry<(typeof en)[K]>]: G extends 'count' ? number : string
}

/** The keys of texts without gaps: what a function may answer when it only chooses the words. */
export type PlainKey = { [K in TextKey]: [GapsOfEntry<(typeof en)[K]>] extends [never] ? K : never }[TextKey]

export type Translate = <K extends TextKey>(
  key: K,
  ...values: [GapsOfEntry<(typeof en)[K]>] extends [never] ? [] : [Values<K>]
) => string

/** Letters of scripts that run from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/

/** A name that runs the other way keeps to itself and does not turn the sentence around it. */
const isolated = (value: string): string => (RIGHT_TO_LEFT.test(value) ? `\u2068${value}\u2069` : value)

export function translator(locale: string, catalogue: Catalogue): Translate {
  const plurals = once(() => new Intl.PluralRules(locale))
  const numbers = once(() => new Intl.NumberFormat(locale))
  const you = catalogue['common.you']
  const chosen = (entry: Exclude<Entry, string>, gaps: Readonly<Record<string, string | number>>): string => {
    if (entry.you !== undefined && (gaps['author'] ?? gaps['user']) === you) return entry.you
    return (
      (gaps['count'] === undefined ? undefined : entry[plurals().select(Number(gaps['count']))]) ??
      entry.other
    )
  }
  return (key, ...[values]) => {
    const entry: Entry = catalogue[key]
    const gaps: Readonly<Record<string, string | number>> = values ?? {}
    const text = typeof entry === 'string' ? entry : chosen(entry, gaps)
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = gaps[name]
      return value === undefined
        ? whole
        : typeof value === 'number'
          ? numbers().format(value)
          : isolated(value)
    })
  }
}
