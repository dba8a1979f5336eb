import fc from 'fast-check'

/** Texts that something may choke on. */
export const wildText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.constantFrom('\u0000', '\ud800', '__proto__', 'null', '-1', '1e400', 'me'),
)
/** Any JSON. */
export const wild: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    wildText,
    fc.double(),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(wildText, tie('value'), { maxKeys: 4 }),
  ),
})).value
