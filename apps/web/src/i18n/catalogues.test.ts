import { expect, test } from 'vitest'
import { en } from './en/index.ts'
import { LANGUAGE_NAMES, type Locale, shippedLanguage } from './languages.ts'
import type { Catalogue, Entry, TextKey } from './translate.ts'

const LOCALES = Object.keys(LANGUAGE_NAMES) as Locale[]
const formsOf = (entry: Entry): readonly string[] =>
  typeof entry === 'string' ? [entry] : Object.values(entry)
const gapsOf = (texts: readonly string[]): readonly string[] =>
  [...new Set(texts.flatMap((text) => text.match(/\{\w+\}/g) ?? []))].toSorted()
const english: Catalogue = en
const keys = Object.keys(en) as TextKey[]

test.each(LOCALES)('%s says everything that the app says, and nothing that it does not', async (locale) => {
  const { catalogue } = await shippedLanguage(locale)
  expect(Object.keys(catalogue).toSorted()).toEqual(keys.toSorted())
})

test.each(LOCALES)('%s has room for the same names, numbers and times in every text', async (locale) => {
  const { catalogue } = await shippedLanguage(locale)
  // Over all forms of a text: that for one or two may say the number as a word, and one's own deed needs no name.
  const differing = keys.filter(
    (key) => String(gapsOf(formsOf(catalogue[key]))) !== String(gapsOf(formsOf(english[key]))),
  )
  expect(differing).toEqual([])
})

test.each(LOCALES)('%s has a form for every number', async (locale) => {
  const { catalogue } = await shippedLanguage(locale)
  const categories = new Intl.PluralRules(locale).resolvedOptions().pluralCategories
  const lacking = keys.filter((key) => {
    const [entry, isCounted] = [catalogue[key], gapsOf(formsOf(english[key])).includes('{count}')]
    if (!isCounted || typeof entry === 'string') return isCounted
    // A text that is the same for every number says so by having one.
    const forms = Object.keys(entry).filter((form) => form !== 'you')
    return forms.length > 1 && categories.some((category) => !forms.includes(category))
  })
  expect(lacking).toEqual([])
})

test.each(LOCALES)('in %s no form of a text is empty', async (locale) => {
  const { catalogue } = await shippedLanguage(locale)
  expect(keys.filter((key) => formsOf(catalogue[key]).some((form) => form.trim() === ''))).toEqual([])
})
