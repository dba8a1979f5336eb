import type { ReactNode } from 'react'

/** One set: a 20-unit square, strokes of 1.6 with round ends, in the colour of the text around it. */
export interface IconProps {
  readonly size?: number
  /** Points along the reading direction, so it turns round in right-to-left. */
  readonly isDirectional?: boolean
}

export const icon =
  (shape: ReactNode, isAlwaysDirectional = false) =>
  ({ size = 20, isDirectional = isAlwaysDirectional }: IconProps) => (
    <svg
      aria-hidden="true"
      className={isDirectional ? 'mirror' : undefined}
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {shape}
    </svg>
  )

export const BackIcon = icon(<path d="M12 4.5 6.5 10l5.5 5.5" />, true)
export const ForwardIcon = icon(<path d="M8 4.5 13.5 10 8 15.5" />, true)
export const DownIcon = icon(<path d="M10 4v12m-5-5 5 5 5-5" />)
export const UpIcon = icon(<path d="M10 16V4M5 9l5-5 5 5" />)
export const CloseIcon = icon(<path d="m5 5 10 10M15 5 5 15" />)
export const PlusIcon = icon(<path d="M10 4v12M4 10h12" />)
export const SearchIcon = icon(
  <>
    <circle cx="9" cy="9" r="5" />
    <path d="m12.8 12.8 3.7 3.7" />
  </>,
)
export const ComposeIcon = icon(
  <>
    <path d="M10.5 4H6a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2h8a2 2 0 0 0 2-2V9.5" />
    <path d="m8.5 11.5.4-2.2 6.3-6.3a1.27 1.27 0 0 1 1.8 1.8l-6.3 6.3z" />
  </>,
)
export const SettingsIcon = icon(
  <>
    <path d="M3 6h7m4 0h3M3 14h3m4 0h7" />
    <circle cx="12" cy="6" r="2" />
    <circle cx="8" cy="14" r="2" />
  </>,
)
export const PanelIcon = icon(
  <>
    <rect x="3" y="4" width="14" height="12" rx="2.5" />
    <path d="M12.2 4v12" />
  </>,
  true,
)
export const SendMessageIcon = icon(
  <path d="M10 4c-4 0-7 2.600-7 5.900 0 1.900 1 3.600 2.600 4.700L5 17.200l3.200-1.500c.6.1 1.200.2 1.800.2 4 0 7-2.700 7-6S14 4 10 4Z" />,
)
export const CheckIcon = icon(<path d="m4.5 10.5 3.6 3.6 7.4-8" />)
export const ReadIcon = icon(<path d="m2 10.8 3.3 3.3 6.7-7.6M9.6 13.4l.8.7L18 6.5" />)
export const ClockIcon = icon(
  <>
    <circle cx="10" cy="10" r="6.5" />
    <path d="M10 6.3V10l2.3 1.6" />
  </>,
)
export const AlertIcon = icon(
  <>
    <circle cx="10" cy="10" r="7" />
    <path d="M10 6.5v4M10 13.4v.1" />
  </>,
)
export const OfflineIcon = icon(
  <>
    <path d="M3 3l14 14M6 10.6a6 6 0 0 1 3-1.5M3.2 7.6a10 10 0 0 1 2.6-1.7M9 4.7A10 10 0 0 1 16.8 7.6M12.6 9.6c.5.3 1 .6 1.4 1" />
    <path d="M8 13.6a2.9 2.9 0 0 1 4 0M10 16.4v.1" />
  </>,
)
export const ReplyIcon = icon(<path d="M8 5 3.5 9.5 8 14M4 9.5h7.5a5 5 0 0 1 5 5V16" />, true)
export const ReactIcon = icon(
  <>
    <circle cx="10" cy="10" r="7" />
    <path d="M7 11.8a3.6 3.6 0 0 0 6 0M7.6 7.9v.1M12.4 7.9v.1" />
  </>,
)
export const MoreIcon = icon(
  <g fill="currentColor" stroke="none">
    <circle cx="4.5" cy="10" r="1.4" />
    <circle cx="10" cy="10" r="1.4" />
    <circle cx="15.5" cy="10" r="1.4" />
  </g>,
)
export const CopyIcon = icon(
  <>
    <rect x="7" y="7" width="9.5" height="9.5" rx="2" />
    <path d="M13 4.5a1.5 1.5 0 0 0-1.5-1H5a1.5 1.5 0 0 0-1.5 1.5v6.5a1.5 1.5 0 0 0 1 1.4" />
  </>,
)
export const LinkIcon = icon(
  <path d="M8.5 11.5a3.2 3.2 0 0 0 4.6.2l2.5-2.5a3.2 3.2 0 0 0-4.6-4.6L10 5.6M11.5 8.5a3.2 3.2 0 0 0-4.6-.2l-2.5 2.5a3.2 3.2 0 0 0 4.6 4.6l1-1" />,
)
export const EyeIcon = icon(
  <>
    <path d="M2.5 10S5.2 5 10 5s7.5 5 7.5 5-2.7 5-7.5 5-7.5-5-7.5-5Z" />
    <circle cx="10" cy="10" r="2.2" />
  </>,
)
export const EyeOffIcon = icon(
  <path d="M3 3l14 14M8.3 5.200A7.3 7.3 0 0 1 10 5c4.8 0 7.5 5 7.5 5a13 13 0 0 1-2.2 2.800M5.3 6.400A12.5 12.5 0 0 0 2.5 10s2.7 5 7.5 5c1.3 0 2.5-.4 3.5-.9M8.5 8.500a2.2 2.2 0 0 0 3 3" />,
)
export const PeopleIcon = icon(
  <>
    <circle cx="7.5" cy="7" r="2.7" />
    <path d="M2.5 16c.3-2.9 2.3-4.6 5-4.600s4.7 1.7 5 4.600M12.6 4.600a2.7 2.7 0 0 1 0 4.900M14.5 11.900c1.7.7 2.8 2.1 3 4.1" />
  </>,
)
export const InviteIcon = icon(
  <>
    <circle cx="8" cy="7" r="2.9" />
    <path d="M2.5 16.200c.3-3 2.6-4.8 5.5-4.8 1.4 0 2.7.4 3.7 1.200M15 11.500v5M12.5 14h5" />
  </>,
)
export const LeaveIcon = icon(<path d="M12 4H6a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2h6M9 10h8m-3-3 3 3-3 3" />, true)
export const EditIcon = icon(<path d="m4 16 .7-3.2 8.8-8.800a1.770 1.770 0 0 1 2.5 2.500l-8.8 8.800z" />)
export const ArchiveIcon = icon(
  <path d="M3.5 4.500h13v3.200h-13zM4.7 7.700v6.800a1.5 1.5 0 0 0 1.5 1.500h7.600a1.5 1.5 0 0 0 1.5-1.500V7.700M8.2 10.800h3.6" />,
)
export const DeviceIcon = icon(
  <>
    <rect x="3.5" y="4" width="13" height="9" rx="1.8" />
    <path d="M2 16h16" />
  </>,
)
export const AttachIcon = icon(
  <path d="m15.800 9.600-5.700 5.700a3.500 3.500 0 0 1-5-5l6.100-6.100a2.350 2.350 0 0 1 3.300 3.300l-6 6a1.150 1.150 0 0 1-1.650-1.650l5.300-5.300" />,
)
export const FileIcon = icon(
  <path d="M11.5 3H6.500A1.5 1.5 0 0 0 5 4.500v11A1.5 1.5 0 0 0 6.5 17h7a1.5 1.5 0 0 0 1.5-1.500V6.500zM11.5 3v3.500H15" />,
)
export const UpdateIcon = icon(<path d="M16 10a6 6 0 1 1-1.8-4.300M16.2 3.500v3h-3" />)
export const StorageIcon = icon(
  <>
    <ellipse cx="10" cy="5.5" rx="6" ry="2.5" />
    <path d="M4 5.500v9C4 15.9 6.7 17 10 17s6-1.1 6-2.500v-9M4 10c0 1.4 2.7 2.5 6 2.500s6-1.1 6-2.5" />
  </>,
)
export const BellIcon = icon(
  <path d="M5.5 8.500a4.5 4.5 0 0 1 9 0c0 3.6 1.5 5 1.5 5H4s1.5-1.4 1.5-5M8.3 16.200a1.9 1.9 0 0 0 3.4 0" />,
)
export const BellOffIcon = icon(
  <path d="M3 3l14 14M7 5.200a4.5 4.5 0 0 1 7.5 3.300c0 1.6.3 2.8.6 3.600M5.6 7.600l-.1.900c0 3.6-1.5 5-1.5 5h9.300M8.3 16.200a1.9 1.9 0 0 0 3.4 0" />,
)
export const HashIcon = icon(<path d="M8.2 3.5 6.6 16.500M13.4 3.500l-1.6 13M4 7.500h12.500M3.5 12.500H16" />)
export const PersonIcon = icon(
  <>
    <circle cx="10" cy="7" r="3" />
    <path d="M4.2 16.500c.4-3.1 2.7-4.9 5.8-4.900s5.4 1.8 5.8 4.9" />
  </>,
)
export const KeyboardIcon = icon(
  <>
    <rect x="2.5" y="5" width="15" height="10" rx="2" />
    <path d="M5.5 8.200v.1M8.5 8.200v.1M11.5 8.200v.1M14.5 8.200v.1M7.2 11.800h5.6" />
  </>,
)
export const TrashIcon = icon(
  <path d="M4 5.800h12M8 5.500V4.200A1.200 1.200 0 0 1 9.200 3h1.600A1.200 1.200 0 0 1 12 4.200v1.300M5.500 6l.7 9.600A1.500 1.500 0 0 0 7.700 17h4.600a1.500 1.500 0 0 0 1.500-1.400l.7-9.600M8.500 9v5M11.500 9v5" />,
)
export const DownloadIcon = icon(
  <path d="M10 3.500v9m-3.700-3.700 3.700 3.700 3.700-3.700M4 13.500V15a1.500 1.500 0 0 0 1.500 1.500h9A1.500 1.500 0 0 0 16 15v-1.500" />,
)
export const BlockIcon = icon(
  <>
    <circle cx="10" cy="10" r="6.800" />
    <path d="m5.300 5.300 9.400 9.400" />
  </>,
)
