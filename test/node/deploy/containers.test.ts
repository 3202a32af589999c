import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Deployment } from 'kubernetes-models/apps/v1'
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2'
import { Job } from 'kubernetes-models/batch/v1'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1'
import { Service } from 'kubernetes-models/v1'
import { describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { folder } from '../real/app.ts'
import { file, program } from './tools.ts'

describe('Kubernetes', () => {
  const documents = parseAllDocuments(file('kubernetes/shop.yaml')).map((each) => each.toJS() as never)
  const [deployment, service] = [new Deployment(documents[0]), new Service(documents[1])]
  const job = new Job(parse(file('kubernetes/migrate.yaml')) as never)
  const pod = deployment.spec?.template.spec
  const [web] = pod?.containers ?? []

  test('its schemas have no complaint', () => {
    expect(documents.length).toBe(2)
    deployment.validate()
    service.validate()
    job.validate()
  })

  test('the migration has the same image and the same secrets as the server', () => {
    const [migrate] = job.spec?.template.spec?.containers ?? []
    expect(web?.envFrom).toEqual([{ secretRef: { name: 'shop' } }])
    expect([migrate?.image, migrate?.envFrom]).toEqual([web?.image, web?.envFrom])
  })

  test('the Service finds the pods and their port', () => {
    expect(deployment.spec?.template.metadata?.labels).toMatchObject(service.spec?.selector ?? {})
    expect(web?.ports?.map(({ name }) => name)).toContain(service.spec?.ports?.[0]?.targetPort)
  })

  test('a machine that is emptied may end one pod of this Deployment at a time', () => {
    const budget = new PodDisruptionBudget(parse(file('kubernetes/disruption.yaml')) as never)
    budget.validate()
    expect(budget.spec?.selector?.matchLabels).toEqual(deployment.spec?.selector.matchLabels)
    expect(budget.spec?.minAvailable).toBe((deployment.spec?.replicas ?? 0) - 1)
  })

  test('the autoscaler follows requests, not the processor, and never goes below what the Deployment says', () => {
    const scaler = new HorizontalPodAutoscaler(parse(file('kubernetes/autoscaler.yaml')) as never)
    scaler.validate()
    expect(scaler.spec?.scaleTargetRef).toMatchObject({
      kind: deployment.kind,
      name: deployment.metadata?.name,
    })
    expect(scaler.spec?.minReplicas).toBe(deployment.spec?.replicas)
    expect(scaler.spec?.metrics?.map(({ type }) => type)).toEqual(['Pods'])
  })

  test('an idle connection is kept for longer than an ingress controller keeps it', () => {
    const command = web?.command ?? []
    expect(Number(command[command.indexOf('--timeout-keep-alive') + 1])).toBeGreaterThan(60)
  })

  test('all three probes, a limit on memory and none on processor time, not root', () => {
    expect(
      [web?.startupProbe, web?.readinessProbe, web?.livenessProbe].map((probe) => probe?.httpGet),
    ).toEqual([
      { path: '/health', port: 'http' },
      { path: '/ready', port: 'http' },
      { path: '/health', port: 'http' },
    ])
    expect(Object.keys(web?.resources?.limits ?? {})).toEqual(['memory'])
    expect(web?.securityContext?.runAsNonRoot).toBe(true)
  })

  test('one process, whose wait before the stop and whose shutdown fit into the grace period', () => {
    expect(web?.command).not.toContain('--workers')
    const [, seconds] = web?.lifecycle?.preStop?.exec?.command ?? []
    const command = web?.command ?? []
    const shutdown = Number(command[command.indexOf('--timeout-graceful-shutdown') + 1])
    expect(Number(seconds) + shutdown).toBeLessThan(pod?.terminationGracePeriodSeconds ?? 30)
  })
})

describe('Compose', () => {
  interface Compose {
    readonly services: Readonly<Record<string, { ports?: unknown; command?: string[]; depends_on?: object }>>
    readonly networks: {
      readonly default: { readonly ipam: { readonly config: readonly { subnet: string }[] } }
    }
  }
  const compose = parse(file('compose/compose.yaml')) as Compose
  const web = compose.services['web']

  test('the server believes the proxy’s network, never everybody, and only the proxy publishes ports', () => {
    const trusted = web?.command?.[web.command.indexOf('--forwarded-allow-ips') + 1]
    expect(trusted).toBe(compose.networks.default.ipam.config[0]?.subnet)
    expect(Object.keys(compose.services).filter((name) => compose.services[name]?.ports)).toEqual(['proxy'])
    expect(file('compose/Caddyfile')).toContain('web:8000')
  })

  test('whom a service waits for is there', () => {
    for (const name of Object.keys(web?.depends_on ?? {}))
      expect(Object.keys(compose.services)).toContain(name)
  })

  test('docker-compose has no complaint', (context) => {
    const path = program('docker-compose', 'docker-compose', context)
    const cwd = folder({ 'compose.yaml': file('compose/compose.yaml'), 'shop.env': '' })
    const { status, stderr } = spawnSync(path, ['-f', 'compose.yaml', 'config', '--quiet'], {
      cwd,
      encoding: 'utf8',
    })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })
})

describe('the Dockerfile', () => {
  const lines = file('docker/Dockerfile').trim().split('\n')

  test('the server is PID 1, one process, and not root', () => {
    const command = lines.at(-1) ?? ''
    expect(JSON.parse(command.replace('CMD ', ''))).not.toContain('--workers')
    expect(lines.at(-2)).toMatch(/^USER [1-9]\d*$/)
  })

  test('it holds the migration that Compose and Kubernetes run from this image', () => {
    for (const place of ['compose/compose.yaml', 'kubernetes/migrate.yaml'])
      expect(file(place)).toContain("command: ['python', 'migrate.py']")
    expect(lines.find((line) => line.includes('main.py'))).toBe('COPY main.py migrate.py ./')
  })

  test('the start script ends by becoming the server', (context) => {
    const path = program('sh', 'dash', context)
    const script = file('docker/start.sh').trim().split('\n')
    expect(script.at(-1)).toMatch(/^exec uvicorn /)
    const cwd = folder({})
    writeFileSync(join(cwd, 'start.sh'), script.join('\n'))
    expect(spawnSync(path, ['-n', 'start.sh'], { cwd }).status).toBe(0)
  })
})
