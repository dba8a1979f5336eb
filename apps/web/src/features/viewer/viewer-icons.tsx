import { icon } from '../../ui/icons.tsx'

const lens = (
  <>
    <circle cx="9" cy="9" r="5" />
    <path d="m12.8 12.8 3.7 3.7" />
  </>
)

export const CloserIcon = icon(
  <>
    {lens}
    <path d="M9 7v4M7 9h4" />
  </>,
)
export const FartherIcon = icon(
  <>
    {lens}
    <path d="M7 9h4" />
  </>,
)
