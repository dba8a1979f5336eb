import { rest, userId } from '@parley/protocol'
import { Hono } from 'hono'
import { z } from 'zod'
import { takenBy } from '../auth/accounts.ts'
import { type ProfileChange, updateProfile } from '../queries/accounts.ts'
import { ownProfile, searchUsers, userByEmail, usersByIds } from '../queries/users.ts'
import { keepPicture, takesPicture } from './avatars.ts'
import { deleteAccount } from './delete-account.ts'
import type { ApiDeps, ApiEnv } from './env.ts'
import { ApiError } from './errors.ts'
import { AVATAR_ROUTES } from './files-described.ts'
import { signedIn } from './guards.ts'
import { allowSignUp } from './limit.ts'
import { body, commaList, described, limit, params, query } from './parse.ts'

const MAX_IDS = 100

const userQuery = z
  .object({
    ids: commaList(userId, MAX_IDS).optional(),
    email: rest.email.optional(),
    q: rest.searchText.min(1).optional(),
    limit: limit(20, 50),
  })
  .refine(
    ({ ids, email, q }) => [ids, email, q].filter((given) => given !== undefined).length === 1,
    'needs exactly one of ids, email and q',
  )

const taken = (field: 'email' | 'username') =>
  new ApiError('conflict', `this ${field} is already in use`, { field })

/** Nobody is told which codes there are, whether they have been used, and for whom they are. */
const notInvited = () =>
  new ApiError('forbidden', 'this server takes new accounts by invitation, each of which is good once', {
    field: 'invitation',
  })

export const createUserRoutes = (deps: ApiDeps) => {
  const { db, auth, rates, announce, signUp } = deps
  return new Hono<ApiEnv>()
    .post(
      '/',
      described('Create an account and log in', { 201: rest.me }),
      body(rest.createUser),
      async (c) => {
        const details = c.req.valid('json')
        if (signUp === 'closed') throw new ApiError('forbidden', 'this server takes no new accounts')
        if (signUp === 'invite' && details.invitation === undefined) throw notInvited()
        allowSignUp(rates, c.get('address'))
        const signedUp = await auth.signUp(details, signUp === 'invite', c.req.header('User-Agent'))
        if ('taken' in signedUp) throw taken(signedUp.taken)
        if ('isInvited' in signedUp) throw notInvited()
        c.header('Set-Cookie', signedUp.setCookie)
        return c.json(await requireProfile(deps, signedUp.user), 201)
      },
    )
    .use(signedIn(deps))
    .get(
      '/',
      described('Find people', {
        200: rest.userList,
      }),
      query(userQuery),
      async (c) => {
        const { ids, email, q, limit: size } = c.req.valid('query')
        const me = c.get('identity').user.id
        if (ids !== undefined)
          return c.json<rest.UserList, 200>({ users: await usersByIds(db, me, ids) }, 200)
        if (email === undefined)
          return c.json<rest.UserList, 200>({ users: await searchUsers(db, me, q ?? '', size) }, 200)
        const found = await userByEmail(db, me, email)
        return c.json<rest.UserList, 200>({ users: found === undefined ? [] : [found] }, 200)
      },
    )
    .get('/me', described('Read your account', { 200: rest.me }), async (c) =>
      c.json(await requireProfile(deps, c.get('identity').user.id), 200),
    )
    .patch('/me', described('Change your account', { 200: rest.me }), body(rest.updateUser), async (c) => {
      const identity = c.get('identity')
      const { password, currentPassword, ...profile } = c.req.valid('json')
      if (password !== undefined || profile.email !== undefined) {
        const { id } = identity.user
        const isProven =
          currentPassword !== undefined &&
          (await rates.passwords.run({ address: c.get('address'), account: id }, async () =>
            (await auth.isPasswordOf(id, currentPassword)) ? true : undefined,
          ))
        if (isProven !== true) {
          throw new ApiError('forbidden', 'the current password is wrong', { field: 'currentPassword' })
        }
      }
      try {
        await announce(identity.user.id, scopeOf(profile), () => updateProfile(db, identity.user.id, profile))
      } catch (error) {
        const field = takenBy(error)
        throw field === undefined ? error : taken(field)
      }
      if (password !== undefined) await auth.changePassword(identity, password)
      return c.json(await requireProfile(deps, identity.user.id), 200)
    })
    .put('/me/avatar', AVATAR_ROUTES.own, ...takesPicture(deps), async (c) => {
      const { id } = c.get('identity').user
      const avatar = await keepPicture(c, deps)
      await announce(id, 'public', () => updateProfile(db, id, { avatar }))
      return c.json(await requireProfile(deps, id), 200)
    })
    .delete('/me', described('Delete your account', { 204: null }), async (c) => {
      const { id } = c.get('identity').user
      await announce(id, 'end', () => deleteAccount(deps, id))
      c.header('Set-Cookie', auth.sessions.blankCookie)
      return c.body(null, 204)
    })
    .get(
      '/:id',
      described('Read a profile', { 200: rest.user }),
      params(z.object({ id: userId })),
      async (c) => {
        const [user] = await usersByIds(db, c.get('identity').user.id, [c.req.valid('param').id])
        if (user === undefined) throw new ApiError('not_found', 'there is no such user')
        return c.json(user, 200)
      },
    )
}

/** The address is nobody else's to see. */
const scopeOf = ({ name, username, avatar }: ProfileChange): 'private' | 'public' =>
  (name ?? username ?? avatar) === undefined ? 'private' : 'public'

/** The user's own profile; without one the account ended while the request was under way. */
export async function requireProfile({ db }: Pick<ApiDeps, 'db'>, user: rest.User['id']): Promise<rest.Me> {
  const profile = await ownProfile(db, user)
  if (profile === undefined) throw new ApiError('unauthenticated', 'log in first')
  return profile
}
