import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { Button } from '../../ui/button.tsx'
import { Rows } from '../../ui/rows.tsx'
import styles from './friends.module.css'

const PORTION = 60

interface PortionsProps<T> {
  readonly items: readonly T[]
  readonly label: string
  readonly children: (item: T) => ReactNode
}

/** A list that may be long: the next part of it comes as one nears its end, or is asked for by keyboard. */
export function Portions<T>({ items, label, children }: PortionsProps<T>) {
  const { t } = useLanguage()
  const [count, setCount] = useState(PORTION)
  const end = useRef<HTMLDivElement>(null)
  const left = items.length - count
  useEffect(() => {
    const near = end.current
    if (near === null || left <= 0) return
    const observer = new IntersectionObserver(
      ([seen]) => seen?.isIntersecting === true && setCount((before) => before + PORTION),
      { rootMargin: '600px 0px' },
    )
    observer.observe(near)
    return () => observer.disconnect()
  }, [left])
  return (
    <>
      <Rows label={label}>{items.slice(0, count).map(children)}</Rows>
      {left > 0 && (
        <div ref={end} className={styles.more}>
          <Button size="small" look="quiet" onClick={() => setCount(items.length)}>
            {t('friends.more', { count: left })}
          </Button>
        </div>
      )}
    </>
  )
}
