/** While the device's data is opened; unseen unless that takes longer than anybody should notice. */
export const Splash = () => (
  <div className="splash" aria-busy="true">
    <img src="/icons/icon.svg" alt="" width={56} height={56} />
  </div>
)
