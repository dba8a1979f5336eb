import { Logo } from './logo.tsx'
import styles from './splash.module.css'

/** While the device's data is opened; unseen unless that takes longer than anybody should notice. */
export const Splash = () => (
  <div className={styles.splash} aria-busy="true">
    <Logo size={56} />
  </div>
)
