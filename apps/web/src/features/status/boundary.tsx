import { Component, type ReactNode } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { AlertIcon } from '../../ui/icons.tsx'

interface BoundaryProps {
  readonly children: ReactNode
  /** What is shown: another one may be whole where the last one broke. */
  readonly place?: string
}

interface BoundaryState {
  readonly isBroken: boolean
  readonly place: string | undefined
}

/** When a screen breaks, words and a way on instead of a white page. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { isBroken: false, place: this.props.place }

  static getDerivedStateFromError(): Partial<BoundaryState> {
    return { isBroken: true }
  }

  static getDerivedStateFromProps({ place }: BoundaryProps, state: BoundaryState): BoundaryState | null {
    return place === state.place ? null : { isBroken: false, place }
  }

  override render(): ReactNode {
    return this.state.isBroken ? <Broken /> : this.props.children
  }
}

function Broken() {
  const { t } = useLanguage()
  return (
    <Empty icon={<AlertIcon size={28} />} title={t('app.failed.title')} body={t('app.failed.body')}>
      <Button look="primary" onClick={() => location.reload()}>
        {t('app.reload')}
      </Button>
    </Empty>
  )
}
