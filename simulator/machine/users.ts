/** A user of the machine, as `/etc/passwd` has it. */
export interface User {
  readonly uid: number
  readonly home: string
}

/** The users that Debian has from the beginning, and ours. */
export const USERS: ReadonlyMap<string, User> = new Map([
  ['root', { uid: 0, home: '/root' }],
  ['daemon', { uid: 1, home: '/usr/sbin' }],
  ['bin', { uid: 2, home: '/bin' }],
  ['sys', { uid: 3, home: '/dev' }],
  ['sync', { uid: 4, home: '/bin' }],
  ['games', { uid: 5, home: '/usr/games' }],
  ['man', { uid: 6, home: '/var/cache/man' }],
  ['lp', { uid: 7, home: '/var/spool/lpd' }],
  ['mail', { uid: 8, home: '/var/mail' }],
  ['news', { uid: 9, home: '/var/spool/news' }],
  ['uucp', { uid: 10, home: '/var/spool/uucp' }],
  ['proxy', { uid: 13, home: '/bin' }],
  ['www-data', { uid: 33, home: '/var/www' }],
  ['backup', { uid: 34, home: '/var/backups' }],
  ['list', { uid: 38, home: '/var/list' }],
  ['irc', { uid: 39, home: '/run/ircd' }],
  ['_apt', { uid: 42, home: '/nonexistent' }],
  ['nobody', { uid: 65534, home: '/nonexistent' }],
  ['systemd-network', { uid: 998, home: '/' }],
  ['user', { uid: 1000, home: '/home/user' }],
])

/** Groups that no user has as his own. */
const GROUPS = [
  'adm',
  'tty',
  'disk',
  'sudo',
  'shadow',
  'staff',
  'users',
  'nogroup',
  'plugdev',
  'systemd-journal',
]

/** Whether there is a user of this name or number. */
export function isUser(name: string): boolean {
  return USERS.has(name) || /^\d+$/.test(name)
}

/** Whether there is a group of this name or number. */
export function isGroup(name: string): boolean {
  return (name !== 'nobody' && isUser(name)) || GROUPS.includes(name)
}
