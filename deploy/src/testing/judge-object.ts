import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1'
import { Deployment } from 'kubernetes-models/apps/v1'
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2'
import { Ingress, NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1'
import { ConfigMap, Namespace, Service, ServiceAccount } from 'kubernetes-models/v1'

type Kind = { readonly apiVersion: string; readonly kind: string; readonly prototype: { validate(): void } }
const KINDS: readonly Kind[] = [
  ...[Deployment, HorizontalPodAutoscaler, Ingress, NetworkPolicy, PodDisruptionBudget, ScaledObject],
  ...[ConfigMap, Namespace, Service, ServiceAccount],
]

/** What a schema of Kubernetes or KEDA has against an object: its own words, and fields that it does not know, `spec.replica`. */
export function judgeObject(object: { readonly apiVersion: string; readonly kind: string }): readonly string[] {
  const found = KINDS.find(({ apiVersion, kind }) => apiVersion === object.apiVersion && kind === object.kind)
  if (found === undefined) return [`no schema of ${object.apiVersion} ${object.kind} is here`]
  const unread = new Set<string>()
  const watched = Object.entries(object).map(([key, value]) => [key, watch(value, key, unread)])
  try {
    // not by its constructor, which copies and so reads everything
    found.prototype.validate.call(Object.fromEntries(watched))
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
  return [...unread].map((path) => `${path} is no field`)
}

/** The schemas let unknown fields pass; but what they know, they read. */
function watch(value: unknown, path: string, unread: Set<string>): unknown {
  if (typeof value !== 'object' || value === null) return value
  const inner = new Map<string, unknown>()
  for (const [key, one] of Object.entries(value)) {
    const at = `${path}.${key}`
    unread.add(at)
    inner.set(key, watch(one, at, unread))
  }
  return new Proxy(value, {
    get: (target, key) => {
      if (typeof key !== 'string' || !inner.has(key)) return Reflect.get(target, key)
      unread.delete(`${path}.${key}`)
      return inner.get(key)
    },
  })
}
