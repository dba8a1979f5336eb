/** Two voices that overlap: the app's mark, in the accent colour. The same drawing as public/icons/icon.svg. */
export const Logo = ({ size = 32 }: { size?: number }) => (
  <svg aria-hidden="true" width={size} height={size} viewBox="0 0 32 32">
    <rect width="32" height="32" rx="8.5" fill="var(--accent)" />
    <g fill="var(--on-accent)">
      <path d="M13.2 6.8h3.1a6 6 0 0 1 0 12h-2.2l-3.7 3c-.5.4-1.2 0-1.1-.6l.4-3.2a6 6 0 0 1 3.5-11.2Z" />
      <path
        opacity="0.62"
        d="M23.6 12.3a5.4 5.4 0 0 1-.2 9.5l.3 2.5c.1.6-.6 1-1.1.6l-2.9-2.3h-2.3a5.4 5.4 0 0 1-3.6-1.4l.9-.7h1.6a7.7 7.7 0 0 0 7.3-8.2Z"
      />
    </g>
  </svg>
)
