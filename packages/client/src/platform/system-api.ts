import type { Api } from '../connection/api.ts'
import { httpApi } from '../connection/http-api.ts'
import { systemClock, systemFetch } from './system.ts'

export type { Answer, Api, EventsQuery, Page, RequestsQuery, SearchQuery } from '../connection/api.ts'

/** The REST interface alone, for a program with a token: no documents, nothing kept, nothing tried again. */
export const openApi = ({ url, token }: { readonly url: string; readonly token: string }): Api =>
  httpApi({ url, token, fetch: systemFetch, clock: systemClock })
