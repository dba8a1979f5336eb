/** Questions of a tab that follows, to the one that leads; one that dies before it has answered leaves them to the next. */
export interface Asking<Question, Answer> {
  ask(question: Question): Promise<Answer>
  heard(number: number, answer: Answer): void
  /** Another tab leads now: all that is open is asked again. */
  again(): void
  /** This tab leads now: it answers them itself. */
  answerAll(answer: (question: Question) => Promise<Answer>): void
}

export function openAsking<Question, Answer>(
  post: (number: number, question: Question) => void,
): Asking<Question, Answer> {
  const open = new Map<
    number,
    { readonly question: Question; readonly answer: (answer: Answer | Promise<Answer>) => void }
  >()
  let count = 0
  return {
    ask: (question) =>
      new Promise<Answer>((answer) => {
        count += 1
        open.set(count, { question, answer })
        post(count, question)
      }),
    heard: (number, answer) => {
      open.get(number)?.answer(answer)
      open.delete(number)
    },
    again: () => {
      for (const [number, { question }] of open) post(number, question)
    },
    answerAll: (answer) => {
      for (const each of open.values()) each.answer(answer(each.question))
      open.clear()
    },
  }
}
