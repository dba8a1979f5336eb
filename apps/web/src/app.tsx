import { lazy, Suspense } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import { AccountContext, type Services, ServicesContext } from './context.tsx'
import { Boundary } from './features/status/boundary.tsx'
import { Shell } from './features/shell/shell.tsx'
import { LanguageProvider } from './i18n/language.tsx'
import { useObservable } from './observe.ts'
import { TipProvider } from './ui/tip.tsx'

const Entrance = lazy(() => import('./features/session/entrance.tsx'))

export const App = ({ services }: { services: Services }) => (
  <LanguageProvider>
    <Boundary>
      <TipProvider delay={500}>
        <ServicesContext value={services}>
          <Session services={services} />
        </ServicesContext>
      </TipProvider>
    </Boundary>
  </LanguageProvider>
)

function Session({ services: { client } }: { services: Services }) {
  const session = useObservable(client.session)
  if (session.state === 'signed-out') {
    return (
      <Suspense>
        <Switch>
          <Route path="/sign-up">
            <Entrance form="sign-up" />
          </Route>
          <Route>
            <Entrance form="sign-in" />
          </Route>
        </Switch>
      </Suspense>
    )
  }
  return (
    <AccountContext value={session.account}>
      <Switch>
        <Route path="/sign-in">
          <Redirect to="/" replace />
        </Route>
        <Route path="/sign-up">
          <Redirect to="/" replace />
        </Route>
        <Route>
          {/* Another person on this device starts with a fresh screen. */}
          <Shell key={session.user} isExpired={session.state === 'expired'} />
        </Route>
      </Switch>
    </AccountContext>
  )
}
