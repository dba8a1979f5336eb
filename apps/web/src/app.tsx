import { type ComponentType, lazy, Suspense } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import { AccountContext, type Services, ServicesContext } from './context.tsx'
import { ChosenFilesProvider } from './features/compose/chosen-files-provider.tsx'
import { PersonLayer } from './features/person/person-layer.tsx'
import { wayOn } from './features/session/way-on.ts'
import { Boundary } from './features/status/boundary.tsx'
import { afterFirstShown } from './platform/first-shown.ts'
import { Shell } from './features/shell/shell.tsx'
import { LanguageProvider } from './i18n/language.tsx'
import type { Shipped } from './i18n/languages.ts'
import { useObservable } from './observe.ts'

// Comforts that every control does without: an app that cannot load them is whole.
const TipLayer = lazy<ComponentType>(() =>
  afterFirstShown(() => import('./ui/tip-layer.tsx'))().catch(() => ({ default: () => null })),
)
const Entrance = lazy(() => import('./features/session/entrance.tsx'))

interface AppProps {
  readonly services: Services
  readonly language: Shipped
}

export const App = ({ services, language }: AppProps) => (
  <LanguageProvider initial={language}>
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
          <WayOn />
        </Route>
        <Route path="/sign-up">
          <WayOn />
        </Route>
        <Route>
          {/* Another person on this device starts with a fresh screen. */}
          <ChosenFilesProvider key={session.user}>
            <PersonLayer>
              <Shell isExpired={session.state === 'expired'} />
            </PersonLayer>
          </ChosenFilesProvider>
        </Route>
      </Switch>
    </AccountContext>
  )
}

const WayOn = () => <Redirect to={wayOn(location.pathname, history.state)} replace />
