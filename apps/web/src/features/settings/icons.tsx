import { icon } from '../../ui/icons.tsx'

/** Of the sections; here, so that the first screen does not carry them. */
export const PersonIcon = icon(
  <>
    <circle cx="10" cy="7" r="3" />
    <path d="M4 16.500c.4-3.200 2.900-5 6-5s5.600 1.800 6 5" />
  </>,
)
export const KeyIcon = icon(
  <>
    <circle cx="7" cy="12.500" r="3.500" />
    <path d="m9.600 10 6.400-6.400M13.200 6.400l2.300 2.300" />
  </>,
)
export const BellIcon = icon(
  <path d="M5.500 13.500V9a4.500 4.500 0 0 1 9 0v4.500l1.500 1.500H4zM8.500 17.300a1.900 1.900 0 0 0 3 0" />,
)
export const PaletteIcon = icon(
  <>
    <path d="M10 3a7 7 0 1 0 0 14c1.300 0 1.700-.9 1.300-1.900-.5-1.200.2-2.400 1.600-2.400h1.700A2.500 2.500 0 0 0 17 10.200C17 6.200 13.900 3 10 3Z" />
    <path d="M6.800 9.500v.1M9 6.700v.1M12.500 6.900v.1" />
  </>,
)
export const GlobeIcon = icon(
  <>
    <circle cx="10" cy="10" r="7" />
    <path d="M3 10h14M10 3c2 2 2.900 4.300 2.900 7S12 15 10 17c-2-2-2.900-4.300-2.900-7S8 5 10 3Z" />
  </>,
)
export const DownloadIcon = icon(<path d="M10 3.500v9m-3.700-3.700L10 12.500l3.700-3.700M4 16.500h12" />)
export const CodeIcon = icon(<path d="M7 6 3 10l4 4M13 6l4 4-4 4" />)
export const KeyboardIcon = icon(
  <>
    <rect x="2.500" y="5" width="15" height="10" rx="2" />
    <path d="M5.500 8.200v.1M8.500 8.200v.1M11.500 8.200v.1M14.500 8.200v.1M7 11.800h6" />
  </>,
)
export const InfoIcon = icon(
  <>
    <circle cx="10" cy="10" r="7" />
    <path d="M10 9.300v4M10 6.600v.1" />
  </>,
)
