import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { judgeObject } from './testing/judge-object.ts'

const CHECKOUT = resolve(import.meta.dirname, '../..')
const SERVICES = readdirSync(join(CHECKOUT, 'services'))
const OVERLAYS = ['dev', 'production'] as const

type Resources = Readonly<Record<'requests' | 'limits', Readonly<Record<string, string>> | undefined>>
type Probe = { readonly httpGet?: { readonly path: string } }
type Container = {
  readonly name: string
  readonly image: string
  readonly args: readonly string[]
  readonly resources?: Resources
  readonly securityContext?: Readonly<Record<string, unknown>>
  readonly livenessProbe?: Probe
  readonly readinessProbe?: Probe
  readonly startupProbe?: Probe
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[]
}
type PodSpec = {
  readonly automountServiceAccountToken?: boolean
  readonly serviceAccountName?: string
  readonly securityContext?: Readonly<Record<string, unknown>>
  readonly topologySpreadConstraints?: readonly unknown[]
  readonly terminationGracePeriodSeconds?: number
  readonly containers: readonly Container[]
  readonly volumes: readonly Readonly<Record<string, unknown>>[]
}
type Labels = Readonly<Record<string, string>>
type Item = {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly annotations?: Labels; readonly labels?: Labels }
  readonly automountServiceAccountToken?: boolean
  readonly data?: Labels
  readonly spec: {
    readonly replicas?: number
    readonly podSelector?: { readonly matchLabels?: Labels }
    readonly policyTypes?: readonly string[]
    readonly ingress?: unknown
    readonly selector?: { readonly matchLabels?: Labels }
    readonly template: { readonly metadata: { readonly labels: Labels }; readonly spec: PodSpec }
    readonly scaleTargetRef?: { readonly name: string }
    readonly triggers?: readonly { readonly metadata: Readonly<Record<string, string>> }[]
  }
}

const parse = (text: string): readonly Item[] =>
  parseAllDocuments(text)
    .map((one) => {
      expect(one.errors).toEqual([])
      return one.toJS() as Item | null
    })
    .filter((one) => one !== null)

const found = spawnSync('sh', [join(CHECKOUT, 'scripts/kubectl.sh')], { encoding: 'utf8' })
const kubectl = found.status === 0 ? found.stdout.trim() : null
const skipped = kubectl === null ? ` (skipped: ${found.stderr.trim()})` : ''

function rendered(overlay: string): readonly Item[] {
  if (kubectl === null) return []
  const { status, stdout, stderr } = spawnSync(kubectl, ['kustomize', join(CHECKOUT, 'k8s/overlays', overlay)], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`kubectl kustomize of ${overlay} failed: ${stderr}`)
  return parse(stdout)
}

describe('the manifests', () => {
  it('are YAML without errors, each file of them', () => {
    const files = readdirSync(join(CHECKOUT, 'k8s'), { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.yaml'),
    )
    expect(files.length).toBeGreaterThan(8)
    for (const file of files) expect(parse(readFileSync(join(CHECKOUT, 'k8s', file), 'utf8')).length, file).toBeGreaterThan(0)
  })

  it('have a Deployment, a ServiceAccount and a disruption budget for every service', () => {
    const of = (file: string) =>
      parse(readFileSync(join(CHECKOUT, 'k8s/base', file), 'utf8')).map(({ metadata }) => metadata.name)
    const wanted = SERVICES.map((name) => `crystalmath-${name}`)
    for (const file of ['deployments.yaml', 'service-accounts.yaml', 'disruption-budgets.yaml'])
      expect([...of(file)].sort(), file).toEqual([...wanted].sort())
  })
})

describe('a schema', () => {
  const budget = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'x' }, spec: { maxUnavailable: 1 } }
  it.each([
    ['takes what fits', budget, []],
    ['names a field that it does not know', { ...budget, spec: { maxUnavailabel: 1 } }, ['spec.maxUnavailabel is no field']],
    ['names a value of another type', { ...budget, spec: { selector: 7 } }, [expect.stringContaining('/spec/selector')]],
    ['is missing for other kinds', { ...budget, kind: 'Pod' }, ['no schema of policy/v1 Pod is here']],
  ] as const)('%s', (_, object, wrong) => {
    expect(judgeObject(object)).toEqual(wrong)
  })
})

const describeRendered = kubectl === null ? describe.skip : describe
describeRendered.each(OVERLAYS)(`the overlay %s, rendered${skipped}`, (overlay) => {
  const items = rendered(overlay)
  const of = (kind: string) => items.filter((item) => item.kind === kind)
  const pods = of('Deployment').map(({ metadata, spec }) => ({
    name: metadata.name,
    ...spec.template,
    pod: spec.template.spec,
  }))
  const containers = pods.flatMap(({ name, pod }) => pod.containers.map((container) => ({ service: name, ...container })))

  it.each(items.map((item) => [`${item.kind} ${item.metadata.name}`, item] as const))('%s fits its schema', (_, item) => {
    expect(judgeObject(item)).toEqual([])
  })

  it('runs every service once, by its name', () => {
    expect(containers.map(({ args }) => args.join()).sort()).toEqual([...SERVICES].sort())
  })

  it('names images with a fixed tag', () => {
    for (const { service, image } of containers) expect(image, service).toMatch(/^[\w./-]+:(?!latest$)[\w.-]+$/)
  })

  it('runs nothing as root, with rights, or on a root file system that can be written', () => {
    for (const { name, pod } of pods)
      expect(pod.securityContext, name).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      })
    for (const { service, securityContext } of containers)
      expect(securityContext, service).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      })
  })

  it('gives every container requests and limits of processor, memory and disk', () => {
    for (const { service, resources } of containers)
      for (const kind of ['requests', 'limits'] as const)
        expect(Object.keys(resources?.[kind] ?? {}).sort(), `${kind} of ${service}`).toEqual([
          'cpu',
          'ephemeral-storage',
          'memory',
        ])
  })

  it('asks whether the loop turns and whether bus and store answer', () => {
    for (const { service, livenessProbe, readinessProbe, startupProbe } of containers) {
      expect(livenessProbe?.httpGet?.path, service).toBe('/healthz')
      expect(startupProbe?.httpGet?.path, service).toBe('/healthz')
      expect(readinessProbe?.httpGet?.path, service).toBe('/readyz')
    }
  })

  it('leaves a service more time to stop than it takes itself', () => {
    for (const { name, pod } of pods) expect(pod.terminationGracePeriodSeconds, name).toBeGreaterThan(20)
  })

  it('gives no pod a token of the Kubernetes API', () => {
    for (const { name, pod } of pods)
      expect([pod.automountServiceAccountToken, pod.serviceAccountName], name).toEqual([false, name])
    for (const account of of('ServiceAccount')) expect(account.automountServiceAccountToken, account.metadata.name).toBe(false)
    expect(items.filter(({ apiVersion }) => apiVersion.startsWith('rbac'))).toEqual([])
  })

  it('spreads replicas over nodes and zones', () => {
    for (const { name, pod } of pods) expect(pod.topologySpreadConstraints?.length, name).toBe(2)
  })

  it('selects exactly the pods of one service in each Deployment and budget', () => {
    for (const { metadata, spec } of [...of('Deployment'), ...of('PodDisruptionBudget')]) {
      const labels = Object.entries(spec.selector?.matchLabels ?? {})
      const matched = pods.filter((pod) => labels.every(([key, value]) => pod.metadata.labels[key] === value))
      expect(
        matched.map(({ name }) => name),
        metadata.name,
      ).toEqual([metadata.name])
    }
  })

  it('denies all traffic that no policy names, in both directions', () => {
    const deny = of('NetworkPolicy').find(
      ({ spec }) => Object.keys(spec.podSelector ?? {}).length === 0 && spec.policyTypes?.length === 2,
    )
    expect(deny?.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] })
  })

  it('lets only the services that hold keys reach clusters', () => {
    const holders = pods
      .filter(({ pod }) => JSON.stringify(pod.volumes).includes('crystalmath-cluster-keys'))
      .map(({ name }) => name)
    const reaching = pods.filter(({ metadata }) => metadata.labels['crystalmath/reaches'] === 'clusters').map(({ name }) => name)
    expect([...holders].sort()).toEqual(['crystalmath-poller', 'crystalmath-submitter'])
    expect([...reaching].sort()).toEqual([...holders].sort())
  })

  it('holds no secret, and names those it wants', () => {
    expect(of('Secret')).toEqual([])
    expect(JSON.stringify(of('ConfigMap').map(({ data }) => Object.keys(data ?? {})))).not.toMatch(/PASSWORD|MONGODB_URL/)
  })

  it('holds pods to the restricted standard', () => {
    expect(of('Namespace')[0]?.metadata.labels?.['pod-security.kubernetes.io/enforce']).toBe('restricted')
  })
})

describeRendered(`the overlay production${skipped}`, () => {
  const items = rendered('production')

  it('scales only Deployments that are there and say no number of replicas themselves', () => {
    const scaled = items.filter(({ kind }) => kind === 'ScaledObject' || kind === 'HorizontalPodAutoscaler')
    expect(scaled.map(({ spec }) => spec.scaleTargetRef?.name ?? '').sort()).toEqual(
      ['gateway', 'parser', 'submitter'].map((name) => `crystalmath-${name}`),
    )
    for (const { spec } of scaled) {
      const target = items.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === spec.scaleTargetRef?.name)
      expect(target, spec.scaleTargetRef?.name).toBeDefined()
      expect(target?.spec.replicas).toBeUndefined()
    }
  })

  it('scales by consumers that the services have', () => {
    for (const { spec } of items.filter(({ kind }) => kind === 'ScaledObject')) {
      const { stream, consumer } = spec.triggers?.[0]?.metadata ?? {}
      const main = readFileSync(join(CHECKOUT, `services/${consumer}/src/main.ts`), 'utf8')
      expect(main).toContain(`durable: '${consumer}'`)
      expect(stream).toBe('JOBS')
    }
  })

  it('lets live streams through unbuffered and for an hour of silence', () => {
    const annotations = items.find(({ kind }) => kind === 'Ingress')?.metadata.annotations
    expect(annotations?.['nginx.ingress.kubernetes.io/proxy-buffering']).toBe('off')
    expect(Number(annotations?.['nginx.ingress.kubernetes.io/proxy-read-timeout'])).toBeGreaterThanOrEqual(3_600)
  })
})
