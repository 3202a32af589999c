/** The two ports of the guide's releases: one serves, the next version starts on the other. */
export const PORTS = [8001, 8002] as const

/** The unit of the version on a port, as the chapter's template makes it, in a file of its own. */
export function unitOf(port: number): string {
  return `[Unit]
Description=shop, a web API, on port ${port}
After=network-online.target
StartLimitIntervalSec=0

[Service]
WorkingDirectory=/home/user/code/awesomeapp
ExecStart=/usr/local/bin/uvicorn main:app --host 127.0.0.1 --port ${port} --workers 2 --timeout-graceful-shutdown 25
Restart=always
RestartSec=2
TimeoutStopSec=30

[Install]
WantedBy=multi-user.target
`
}
