import { type ComponentType, lazy, Suspense } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import { AccountContext, type Services, ServicesContext } from './context.tsx'
import { ChosenFilesProvider } from './features/compose/chosen-files-provider.tsx'
import { Boundary } from './features/status/boundary.tsx'
import { Shell } from './features/shell/shell.tsx'
import { LanguageProvider } from './i18n/language.tsx'
import { useObservable } from './observe.ts'

// Comforts that every control does without: an app that cannot load them is whole.
const TipLayer = lazy<ComponentType>(() =>
  import('./ui/tip-layer.tsx').catch(() => ({ default: () => null })),
)
const Entrance = lazy(() => import('./features/session/entrance.tsx'))

export const App = ({ services }: { services: Services }) => (
  <LanguageProvider>
    <Boundary>
      <ServicesContext value={services}>
        <Session services={services} />
      </ServicesContext>
      <Suspense>
        <TipLayer />
      </Suspense>
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
          <ChosenFilesProvider key={session.user}>
            <Shell isExpired={session.state === 'expired'} />
          </ChosenFilesProvider>
        </Route>
      </Switch>
    </AccountContext>
  )
}
