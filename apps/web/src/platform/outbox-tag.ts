/** What the page asks the browser to wake the service worker for, and the worker is woken with. */
export const OUTBOX_TAG = 'outbox'
