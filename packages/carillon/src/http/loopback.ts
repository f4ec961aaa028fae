/** Whether an address can only be reached from this machine. A name that is not known to be one counts as none. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (bare === 'localhost' || bare.endsWith('.localhost') || bare === '::1') return true;
  return /^(?:::ffff:)?127(?:\.\d{1,3}){3}$/.test(bare);
}
