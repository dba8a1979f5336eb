import type { Code, ConversationId, Event, Millis, rest, Seq, UserId } from '@parley/protocol'

/** What the server answered: the value, or a code that decides what to do next. Never rejects. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false
      /** `unavailable` also stands for no answer at all. */
      readonly code: Code
      readonly message: string
      readonly retryAfter?: Millis
    }

export interface EventsQuery {
  readonly after?: Seq
  readonly before?: Seq
  readonly limit?: number
}

/** The server's REST interface, typed and parsed. */
export interface Api {
  signUp(body: rest.CreateUser): Promise<Answer<rest.Me>>
  signIn(body: rest.CreateSession): Promise<Answer<rest.Me>>
  signOut(): Promise<Answer<undefined>>
  me(): Promise<Answer<rest.Me>>
  updateMe(body: rest.UpdateUser): Promise<Answer<rest.Me>>
  /** Public profiles by id; unknown ids are left out. */
  users(ids: readonly UserId[]): Promise<Answer<readonly rest.User[]>>
  /** By start of username or name. */
  searchUsers(query: string): Promise<Answer<readonly rest.User[]>>
  /** By exact email. */
  usersByEmail(email: string): Promise<Answer<readonly rest.User[]>>
  sessions(): Promise<Answer<readonly rest.Session[]>>
  endSession(id: string): Promise<Answer<undefined>>
  tokens(): Promise<Answer<readonly rest.Token[]>>
  createToken(name: string): Promise<Answer<rest.CreatedToken>>
  deleteToken(id: string): Promise<Answer<undefined>>
  /** All of them, newest activity first. */
  conversations(): Promise<Answer<readonly rest.ConversationSummary[]>>
  conversation(id: ConversationId): Promise<Answer<rest.ConversationSummary>>
  members(id: ConversationId): Promise<Answer<readonly rest.MemberListing[]>>
  /** Ascending by seq; without `after` and `before` the latest. */
  events(id: ConversationId, query: EventsQuery): Promise<Answer<readonly Event[]>>
}
