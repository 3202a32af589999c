/** Unit files as people write them, faults included; what systemd-analyze says of each is in test/recordings/units.json. */

/** A unit file that is judged, with what stands beside it in /etc/systemd/system. */
export interface JudgedUnit {
  /** What is right or wrong with it, in one line. */
  readonly about: string
  readonly name: string
  readonly text: string
  readonly beside?: Readonly<Record<string, string>>
}

/** The programs that are there, as on the simulated machine. */
export const PROGRAMS = [
  '/home/user/code/awesomeapp/.venv/bin/gunicorn',
  '/home/user/code/awesomeapp/.venv/bin/python',
  '/home/user/code/awesomeapp/.venv/bin/uvicorn',
  '/usr/local/bin/fastapi',
  '/usr/local/bin/gunicorn',
  '/usr/local/bin/uvicorn',
  '/usr/bin/bash',
  '/usr/bin/kill',
  '/usr/bin/python3',
  '/usr/bin/sh',
  '/usr/bin/sleep',
  '/usr/bin/true',
  '/bin/bash',
  '/bin/kill',
  '/bin/sh',
  '/bin/sleep',
  '/bin/true',
]

const START = 'ExecStart=/usr/local/bin/uvicorn main:app --port 8000'
const INSTALL = '\n[Install]\nWantedBy=multi-user.target\n'

const whole = (about: string, text: string): JudgedUnit => ({ about, name: 'web.service', text })
/** What stands in [Service]. */
const service = (about: string, settings: string): JudgedUnit =>
  whole(about, `[Unit]\nDescription=Web\n\n[Service]\n${settings}\n${INSTALL}`)
/** Settings beside a start that is right. */
const beside = (about: string, settings: string): JudgedUnit => service(about, `${START}\n${settings}`)

const SOCKET = '[Socket]\nListenStream=8000\n\n[Install]\nWantedBy=sockets.target\n'

export const UNITS: readonly JudgedUnit[] = [
  // Whole units from guides
  beside('the smallest that is complete', 'WorkingDirectory=/home/user/code/awesomeapp'),
  service(
    'gunicorn as its documentation runs it',
    'Type=notify\nNotifyAccess=main\nUser=www-data\nGroup=www-data\nRuntimeDirectory=gunicorn\nWorkingDirectory=/home/user/code/awesomeapp\nExecStart=/usr/local/bin/gunicorn main:app\nExecReload=/bin/kill -s HUP $MAINPID\nKillMode=mixed\nTimeoutStopSec=5\nPrivateTmp=true\nProtectSystem=strict',
  ),
  service(
    'gunicorn of a virtual environment',
    'User=user\nWorkingDirectory=/home/user/code/awesomeapp\nEnvironment="PATH=/home/user/code/awesomeapp/.venv/bin"\nExecStart=/home/user/code/awesomeapp/.venv/bin/gunicorn -w 4 -k uvicorn_worker.UvicornWorker main:app',
  ),
  service(
    'a shell that activates the environment',
    'ExecStart=/bin/bash -c "source .venv/bin/activate && uvicorn main:app"',
  ),
  service('python -m', 'ExecStart=/usr/bin/python3 -m uvicorn main:app --workers 4'),
  whole(
    'ordered after the network',
    `[Unit]\nDescription=Web\nAfter=network.target\n\n[Service]\n${START}\n${INSTALL}`,
  ),
  beside('restarted for ever', 'Restart=always\nRestartSec=2\nStartLimitInterval=0'),
  beside(
    'hardened',
    'NoNewPrivileges=yes\nProtectHome=read-only\nPrivateDevices=true\nCapabilityBoundingSet=\nAmbientCapabilities=CAP_NET_BIND_SERVICE\nSystemCallFilter=@system-service\nRestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX\nLockPersonality=yes',
  ),
  beside('limits', 'MemoryMax=512M\nMemoryHigh=400M\nCPUQuota=50%\nTasksMax=100\nLimitNOFILE=65536'),
  beside(
    'output into a file',
    'StandardOutput=append:/var/log/web.log\nStandardError=inherit\nSyslogIdentifier=web',
  ),
  // Commands
  service('no ExecStart', 'WorkingDirectory=/home/user/code/awesomeapp'),
  whole('no [Service] at all', '[Unit]\nDescription=Web\n'),
  whole('an empty file', ''),
  service('a program that is not there', 'ExecStart=/opt/venv/bin/uvicorn main:app'),
  service('a program by its name', 'ExecStart=uvicorn main:app'),
  service('a name that is nowhere', 'ExecStart=uvicornn main:app'),
  service('a relative path', 'ExecStart=.venv/bin/uvicorn main:app'),
  service('cd and &&', 'ExecStart=cd /srv && uvicorn main:app'),
  service('two ExecStart', `${START}\n${START}`),
  service('two ExecStart of a oneshot', 'Type=oneshot\nExecStart=/bin/true\nExecStart=/bin/true'),
  service('an ExecStart that clears the one before', `ExecStart=/opt/old\nExecStart=\n${START}`),
  service('a quote that is not closed', 'ExecStart=/bin/sh -c "uvicorn main:app'),
  service('nothing behind the sign', 'ExecStart=-'),
  beside('a failure that is ignored', 'ExecStartPre=-/bin/true\nExecStartPre=+/bin/true'),
  beside('a step before that is not there', 'ExecStartPre=/opt/check.sh'),
  service(
    'a command on two lines',
    'ExecStart=/usr/local/bin/uvicorn main:app \\\n  --port 8000 \\\n  --workers 2',
  ),
  service(
    'variables of the environment',
    'Environment=PORT=8000 "OPTS=--workers 2"\nExecStart=/usr/local/bin/uvicorn main:app --port ${PORT} $OPTS',
  ),
  service('an unknown specifier', 'ExecStart=/usr/local/bin/uvicorn main:app --root-path %y'),
  service(
    'a percent sign that is not doubled',
    'ExecStart=/usr/local/bin/gunicorn main:app --access-logformat "%(h)s"',
  ),
  // Types
  service('a oneshot that remains', 'Type=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true'),
  service('a oneshot that is always restarted', 'Type=oneshot\nRestart=always\nExecStart=/bin/true'),
  service(
    'a oneshot that is restarted after failures',
    'Type=oneshot\nRestart=on-failure\nExecStart=/bin/true',
  ),
  service('forking without a PID file', `Type=forking\n${START}`),
  service(
    'forking with a PID file',
    'Type=forking\nPIDFile=/run/web.pid\nExecStart=/usr/local/bin/gunicorn main:app --daemon --pid /run/web.pid',
  ),
  service(
    'a PID file with a relative path',
    'Type=forking\nPIDFile=web.pid\nExecStart=/usr/local/bin/gunicorn main:app --daemon',
  ),
  service('a type of a later systemd', `Type=notify-reload\n${START}`),
  service('a type that does not exist', `Type=daemon\n${START}`),
  service('D-Bus without a name', `Type=dbus\n${START}`),
  // Keys and values
  beside('a key in the wrong section', 'WantedBy=multi-user.target'),
  whole(
    'a start limit in [Unit]',
    `[Unit]\nStartLimitIntervalSec=60\nStartLimitBurst=3\n[Service]\n${START}\nRestart=on-failure\n`,
  ),
  beside('a start limit in [Service]', 'StartLimitIntervalSec=60'),
  whole('Restart in [Unit]', `[Unit]\nRestart=always\n[Service]\n${START}\n`),
  service('a key with a slip', 'ExecStrat=/usr/local/bin/uvicorn main:app'),
  beside('keys of Docker and Supervisor', 'autostart=true\ncommand=uvicorn main:app\nPort=8000'),
  beside('keys are not in small letters', 'restart=always'),
  beside('a key with X-', 'X-Team=web'),
  beside('a restart that does not exist', 'Restart=sometimes'),
  beside('a time that cannot be read', 'RestartSec=soon\nTimeoutStopSec=2 fortnights'),
  beside('a size that cannot be read', 'MemoryMax=lots'),
  beside('a truth value that cannot be read', 'RemainAfterExit=maybe'),
  beside('a relative folder', 'WorkingDirectory=code/awesomeapp'),
  beside('the home as folder', 'WorkingDirectory=~'),
  beside('an environment that is no assignment', 'Environment=DEBUG'),
  beside('a relative file of variables', 'EnvironmentFile=.env'),
  beside('spaces around the equals sign', 'Restart = on-failure'),
  beside('a comment behind a value', 'Restart=always # for ever'),
  beside('a signal that does not exist', 'KillSignal=SIGSTOPP'),
  beside('a kill mode that does not exist', 'KillMode=all'),
  beside('an unsafe kill mode', 'KillMode=none'),
  beside('an OOM policy that does not exist', 'OOMPolicy=restart'),
  beside('an exit status by its name', 'SuccessExitStatus=TEMPFAIL 250 SIGKILL\nRestartPreventExitStatus=3'),
  beside('an exit status that does not exist', 'SuccessExitStatus=999'),
  beside('a user with a sign that is not allowed', 'User=web app'),
  beside('a line without an equals sign', 'Restart always'),
  whole('a line before the first section', `Description=Web\n[Service]\n${START}\n`),
  whole('a section with a slip', `[Service]\n${START}\n\n[Instal]\nWantedBy=multi-user.target\n`),
  whole('a section in small letters', `[service]\n${START}\n`),
  whole('a section that is not closed', `[Service\n${START}\n`),
  whole(
    'requires what is not there',
    `[Unit]\nRequires=postgresql.service\nAfter=postgresql.service\n[Service]\n${START}\n`,
  ),
  whole('wants what is not there', `[Unit]\nWants=redis.service\n[Service]\n${START}\n`),
  whole('a dependency without its ending', `[Unit]\nAfter=network\n[Service]\n${START}\n`),
  // Templates and sockets
  {
    about: 'a template',
    name: 'web@8001.service',
    text: `[Service]\nExecStart=/usr/local/bin/uvicorn main:app --port %i\n`,
  },
  {
    about: 'a socket with its service',
    name: 'web.socket',
    text: SOCKET,
    beside: { 'web.service': `[Service]\n${START}\n` },
  },
  { about: 'a socket without a service', name: 'web.socket', text: SOCKET },
  {
    about: 'a socket that listens nowhere',
    name: 'web.socket',
    text: '[Socket]\nBacklog=100\n',
    beside: { 'web.service': `[Service]\n${START}\n` },
  },
  {
    about: 'a socket of a file',
    name: 'gunicorn.socket',
    text: '[Unit]\nDescription=gunicorn socket\n\n[Socket]\nListenStream=/run/gunicorn.sock\nSocketUser=www-data\nSocketMode=660\n\n[Install]\nWantedBy=sockets.target\n',
    beside: {
      'gunicorn.service':
        '[Unit]\nRequires=gunicorn.socket\n[Service]\nType=notify\nExecStart=/usr/local/bin/gunicorn main:app\n',
    },
  },
  {
    about: 'a socket at a bad address',
    name: 'web.socket',
    text: '[Socket]\nListenStream=localhost:8000\n',
    beside: { 'web.service': `[Service]\n${START}\n` },
  },
  {
    about: 'a socket whose service is named',
    name: 'http.socket',
    text: '[Socket]\nListenStream=127.0.0.1:8000\nService=web.service\n',
    beside: { 'web.service': `[Service]\n${START}\n` },
  },
  {
    about: 'a port in a service',
    name: 'web.service',
    text: `[Socket]\nListenStream=8000\n[Service]\n${START}\n`,
  },
]
