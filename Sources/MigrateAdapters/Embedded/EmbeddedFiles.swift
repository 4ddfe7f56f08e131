// Made by scripts/embed from charts/, migrations/ and reports/; do not edit.
// swift-format-ignore-file

/// The files that the binary carries, so that it runs from anywhere.
package enum EmbeddedFiles {
  /// One file, by its path within its folder.
  package typealias File = (path: String, text: String)

  /// The 0.2.0 chart, by path within it.
  package static let chart: [File] = [
("CHANGELOG.md", #"""
# Changes

## 0.2.0

The broker can be configured by values, its data can be kept, and the defaults follow what Kubernetes recommends. Chart 0.1.0
had values for the image only.

### Added

- Every environment variable of the broker as a value: `config`, `k8s`, `ws`, `api`, `tcp`, `oidc`, `redis`, `timezone`; credentials
  from existing Secrets (`…From`); any other variable by `extraEnv` and `extraEnvFrom`.
- A claim, an existing claim or any other volume for `/data` (`persistence`). Off by default, as before.
- A ServiceAccount and, in operator mode, a Role and its RoleBinding.
- Liveness, readiness and startup probes.
- Settings of both Services (`appProtocol` included), an Ingress, resources, scheduling, security context, labels, annotations, and
  how long a rollout may take (`progressDeadlineSeconds`).
- A schema: unknown values and wrong types are refused.

### Breaking

| | 0.1.0 | 0.2.0 | to keep it as it was |
|---|---|---|---|
| names | as the release | as the release if it contains `backbone`, else `<release>-backbone` | `fullnameOverride` |
| selector | depends on the chart, e.g. `app: <release>` | `app.kubernetes.io/name` and `/instance` | `selectorLabels` |
| ServiceAccount | named as the release, not created | `<fullname>`, created | `serviceAccount.create: false`, `serviceAccount.name` |
| permissions | made by hand | Role and RoleBinding, in operator mode | `rbac.create: false` |
| environment | set by hand, lost by an upgrade | values | see below |
| `K8S_ENABLED` | depends on the chart | `true` | `k8s.enabled` |
| Services | one or two | `<fullname>` (80) and `<fullname>-tcp` (1883) | `service` |
| user | the image's | 1000, not root; group 1000 owns the volume | `securityContext` with `null` for each field |
| probes | none | if a listener is on | `livenessProbe.enabled: false`, `readinessProbe.enabled: false` |
| strategy | RollingUpdate | Recreate if a claim allows one writer | `strategy` |
| number of ReplicaSets kept, time to stop | Kubernetes' defaults | the same, written out | – |

### Upgrading from 0.1.0

`backbone-migrate plan RELEASE` does all of this for you and shows what would change before anything does. By hand:

1. Look at what is running, not at the chart: what had been set by hand is in the Deployment only.

       kubectl get deployment,service,serviceaccount --output yaml
       helm get values RELEASE --all

2. Write the values. Start from [examples/migrate-from-0.1.0.yaml](examples/migrate-from-0.1.0.yaml). Each variable of the container has its
   value in the table of the [README](README.md); any other goes to `extraEnv`. Leave `persistence.enabled: false` to stay without a
   volume; a volume that is mounted at `/data` already goes to `persistence.volume` or `persistence.existingClaim`.
3. Carry over the names: `fullnameOverride`, `serviceAccount`, `service`. Other objects and clients refer to them.
4. Carry over the selector, in `selectorLabels`. A Deployment's selector cannot be changed: with another one, the upgrade fails.
5. Carry over the types and settings of Services that had been changed.
6. Compare what is rendered with what is running, and ask the server:

       helm template RELEASE ./charts -f values.yaml > manifests.yaml
       kubectl diff -f manifests.yaml
       kubectl apply --dry-run=server -f manifests.yaml

   `helm upgrade --dry-run` alone does not notice a changed selector or a field that somebody else has set.
7. Upgrade.

       helm upgrade RELEASE ./charts --reset-values -f values.yaml

Good to know:

- Only the exact text `true` switches a flag on. What was `1`, `True` or `yes` before was off: give `false`.
- An object made by hand whose name the chart wants (a ServiceAccount, a Role) stops the upgrade. Do not take it over with
  `--take-ownership`: a rollback would delete it. Switch its creation off instead.
- With Helm 4, fields set by `kubectl set env` or `kubectl edit` conflict with the upgrade; the message names them.
- Data in the container or in an `emptyDir` does not move into a new claim by itself.

### Going back

    helm rollback RELEASE REVISION

restores what chart 0.1.0 rendered. It does not restore what had been set by hand (`backbone-migrate rollback` does), and it deletes
the new claim unless `persistence.annotations` has `helm.sh/resource-policy: keep`. Seen with Helm 4 (server-side apply) and Kubernetes 1.20: the rollback
fails because the server cannot take the probes away.

## 0.1.0

First version.

"""#),
("Chart.yaml", #"""
apiVersion: v2
name: backbone
description: Backbone, an MQTT broker for Kubernetes
type: application
version: 0.2.0
appVersion: "0.2.0"
kubeVersion: ">=1.19.0-0"
keywords:
  - mqtt
  - broker
  - messaging
  - iot
annotations:
  artifacthub.io/license: Apache-2.0

"""#),
("README.md", #"""
# Backbone chart

Installs the Backbone MQTT broker on Kubernetes 1.19 or later, with Helm 3 or 4.

    helm upgrade --install backbone ./charts -f my-values.yaml

By default no listener is on. The least that clients can use is `--set tcp.enabled=true`. Values for common situations are in
[examples](examples): [minimal](examples/minimal.yaml), [production](examples/production.yaml),
[operator mode](examples/operator-mode.yaml), [Redis and OpenID Connect](examples/redis-oidc.yaml), and
[an upgrade from 0.1.0](examples/migrate-from-0.1.0.yaml). What changed since 0.1.0 is in [CHANGELOG.md](CHANGELOG.md).

## How the broker is configured

Each value of `config`, `k8s`, `ws`, `api`, `tcp`, `oidc`, `redis` and `timezone` is one environment variable.

- Flags, ports, `REDIS_HOST`, `REDIS_DB` and `OIDC_GROUP_FIELD` are always set; the others when they are not empty. `OIDC_*` and
  `REDIS_*` are set whether or not they are enabled.
- A credential can come from an existing Secret: `config.adminTokenFrom`, `config.jwtSecretFrom`, `oidc.clientSecretFrom` and
  `redis.passwordFrom` take a Kubernetes EnvVarSource. Text given as a value can be read in the Deployment and in the release.
- `extraEnv` sets any other variable and wins over the chart's own of the same name. Its entries follow the chart's own, in the
  order given. Quote numbers and booleans: values are text.
- `extraEnvFrom` cannot set what the chart always sets, because Kubernetes lets `env` win over `envFrom`.
- Text arrives exactly as given: nothing in it is treated as a template. Kubernetes itself replaces `$(NAME)` by the value of a
  variable that stands earlier; `$$(NAME)` prevents that. Helm 3 can check the schema only while no value contains DEL, a C1
  control character, U+FFFE or U+FFFF: use a Secret for those, or `--skip-schema-validation`.

## Health

| on | check |
|---|---|
| `api.enabled` | HTTP GET `/health` on the HTTP port |
| else `tcp.enabled` | TCP connection to the MQTT port |
| else `ws.enabled` | TCP connection to the HTTP port |
| nothing | none |

What counts is what the broker will see: a flag or port in `extraEnv` is taken into account, and a flag is on when its text is
exactly `true`. A flag or port that comes from a reference is not known, and no probe is made from it; the container's port
and the Services are then those of `config`.

## Network

The Service `<fullname>` leads to the HTTP port, `<fullname>-tcp` to the MQTT port. They are there whether or not the listener is
on, so that names and addresses stay when it is switched. `service.http.extraPorts` with `service.tcp.enabled: false` gives one
Service for both. The Ingress leads to the HTTP Service.

## Data

`persistence.enabled` mounts `persistence.volume`, else the claim `persistence.existingClaim`, else a new claim
`<fullname>-data`, at `/data`. A new claim is deleted by `helm uninstall`, and by a `helm rollback` to a revision without it,
unless `persistence.annotations` has `helm.sh/resource-policy: keep`.

When a claim can be mounted by one node or Pod at a time (`persistence.accessMode`), the default strategy is Recreate: two brokers
never have the database open together. Otherwise it is Kubernetes' default.

## Permissions

In operator mode the ServiceAccount gets a Role in its namespace, by default to read ConfigMaps, Endpoints, Pods and Services.
Give `rbac.rules` for what you use. `rbac.clusterWide` makes it a ClusterRole named `<namespace>:<fullname>`. Whoever installs the
chart needs every permission that it grants; with `rbac.create: false` somebody else can grant them.

The Pod runs as user 1000, not as root. `securityContext` takes the fields of both levels: what a Pod can have goes to the Pod,
the rest to the container; `null` leaves a field out.

## Values

| value | default | meaning |
|---|---|---|
| `config.adminToken` | `''` | `ADMIN_TOKEN`, when not empty |
| `config.adminTokenFrom` | `{}` | `ADMIN_TOKEN` from an EnvVarSource; wins over `config.adminToken` |
| `config.jwtSecret` | `''` | `JWT_SECRET`, when not empty |
| `config.jwtSecretFrom` | `{}` | `JWT_SECRET` from an EnvVarSource; wins over `config.jwtSecret` |
| `config.httpPort` | `8883` | `HTTP_PORT`: API and WebSockets |
| `config.tcpPort` | `1883` | `TCP_PORT`: MQTT |
| `k8s.enabled` | `true` | `K8S_ENABLED`: operator mode |
| `ws.enabled` | `false` | `WS_ENABLED`: MQTT over WebSockets |
| `api.enabled` | `false` | `API_ENABLED`: HTTP API |
| `tcp.enabled` | `false` | `TCP_ENABLED`: MQTT over TCP |
| `oidc.enabled` | `false` | `OIDC_ENABLED` |
| `oidc.discovery` | `''` | `OIDC_DISCOVERY`, when not empty |
| `oidc.clientId` | `''` | `OIDC_CLIENT_ID`, when not empty |
| `oidc.clientSecret` | `''` | `OIDC_CLIENT_SECRET`, when not empty |
| `oidc.clientSecretFrom` | `{}` | `OIDC_CLIENT_SECRET` from an EnvVarSource; wins over `oidc.clientSecret` |
| `oidc.groupField` | `groups` | `OIDC_GROUP_FIELD` |
| `oidc.adminGroup` | `''` | `OIDC_ADMIN_GROUP`, when not empty |
| `oidc.writerGroup` | `''` | `OIDC_WRITER_GROUP`, when not empty |
| `oidc.readerGroup` | `''` | `OIDC_READER_GROUP`, when not empty |
| `redis.enabled` | `false` | `REDIS_ENABLED` |
| `redis.host` | `localhost` | `REDIS_HOST` |
| `redis.port` | `6379` | `REDIS_PORT` |
| `redis.password` | `''` | `REDIS_PASSWORD`, when not empty |
| `redis.passwordFrom` | `{}` | `REDIS_PASSWORD` from an EnvVarSource; wins over `redis.password` |
| `redis.db` | `0` | `REDIS_DB` |
| `timezone` | `''` | `TZ`, when not empty |
| `extraEnv` | `[]` | further variables (EnvVar); replace the chart's own of the same name |
| `extraEnvFrom` | `[]` | sources of further variables (EnvFromSource) |
| `image.repository` | `backbone` | image |
| `image.tag` | `''` | tag; the chart's appVersion when empty and there is no digest |
| `image.digest` | `''` | digest |
| `image.pullPolicy` | `IfNotPresent` | `Always`, `IfNotPresent` or `Never` |
| `imagePullSecrets` | `[]` | Secrets with registry credentials |
| `command` | `[]` | replaces the entrypoint |
| `args` | `[]` | replaces the arguments |
| `nameOverride` | `''` | replaces the chart's name in names |
| `fullnameOverride` | `''` | replaces generated names |
| `containerName` | `''` | name of the container; the chart's name when empty |
| `commonLabels` | `{}` | labels for every object and Pods |
| `commonAnnotations` | `{}` | annotations for every object and Pods |
| `selectorLabels` | `{}` | replaces the labels by which Pods are found |
| `podLabels` | `{}` | labels for Pods |
| `podAnnotations` | `{}` | annotations for Pods |
| `deploymentLabels` | `{}` | labels for the Deployment itself |
| `deploymentAnnotations` | `{}` | annotations for the Deployment itself, such as those of Reloader and Keel |
| `persistence.enabled` | `false` | keeps `/data` in a volume; rules everything in this section |
| `persistence.size` | `1Gi` | size of the new claim |
| `persistence.storageClass` | `''` | its class; empty: the cluster's default; `-`: none |
| `persistence.accessMode` | `ReadWriteOnce` | access mode of the claim |
| `persistence.annotations` | `{}` | annotations of the new claim |
| `persistence.existingClaim` | `''` | uses this claim instead of a new one |
| `persistence.volume` | `{}` | uses this volume source instead of a claim |
| `persistence.mountPath` | `/data` | where the volume appears |
| `persistence.subPath` | `''` | folder within the volume |
| `persistence.volumeName` | `data` | name of the volume in the Pod |
| `extraVolumes` | `[]` | further volumes |
| `extraVolumeMounts` | `[]` | further mounts |
| `serviceAccount.create` | `true` | makes a ServiceAccount |
| `serviceAccount.name` | `''` | its name; when empty `<fullname>` if created, else `default` |
| `serviceAccount.annotations` | `{}` | its annotations |
| `serviceAccount.automountServiceAccountToken` | `true` | `false`: no token in the Pod |
| `rbac.create` | `true` | makes a Role and RoleBinding, in operator mode |
| `rbac.clusterWide` | `false` | makes a ClusterRole and ClusterRoleBinding instead |
| `rbac.rules` | read ConfigMaps, Endpoints, Pods, Services | what the broker may do |
| `securityContext.runAsNonRoot` | `true` | Pod: refuses root |
| `securityContext.runAsUser` | `1000` | Pod: user |
| `securityContext.fsGroup` | `1000` | Pod: group of the volume's files |
| `securityContext.readOnlyRootFilesystem` | `false` | container: read-only root file system |
| `podSecurityContext` | `{}` | exact fields of the Pod; wins over `securityContext` |
| `containerSecurityContext` | `{}` | exact fields of the container; wins over `securityContext` |
| `livenessProbe.enabled` | `true` | liveness probe, if there is something to check |
| `livenessProbe.initialDelaySeconds` | `10` | timing |
| `livenessProbe.periodSeconds` | `10` | timing |
| `livenessProbe.timeoutSeconds` | `3` | timing |
| `livenessProbe.failureThreshold` | `3` | timing |
| `livenessProbe.custom` | `{}` | a probe of your own, as a whole |
| `readinessProbe.enabled` | `true` | readiness probe, if there is something to check |
| `readinessProbe.initialDelaySeconds` | `5` | timing |
| `readinessProbe.periodSeconds` | `10` | timing |
| `readinessProbe.timeoutSeconds` | `3` | timing |
| `readinessProbe.failureThreshold` | `3` | timing |
| `readinessProbe.successThreshold` | `1` | timing |
| `readinessProbe.custom` | `{}` | a probe of your own, as a whole |
| `startupProbe.enabled` | `false` | startup probe, if there is something to check |
| `startupProbe.initialDelaySeconds` | `0` | timing |
| `startupProbe.periodSeconds` | `5` | timing |
| `startupProbe.timeoutSeconds` | `3` | timing |
| `startupProbe.failureThreshold` | `30` | timing |
| `startupProbe.custom` | `{}` | a probe of your own, as a whole |
| `service.http.enabled` | `true` | Service for the HTTP listener |
| `service.http.name` | `''` | its name; `<fullname>` when empty |
| `service.http.type` | `ClusterIP` | `ClusterIP`, `NodePort` or `LoadBalancer` |
| `service.http.port` | `80` | port |
| `service.http.portName` | `http` | name of the port |
| `service.http.nodePort` | `0` | node port; 0: Kubernetes chooses |
| `service.http.appProtocol` | `''` | protocol of the application on the port |
| `service.http.labels` | `{}` | labels |
| `service.http.annotations` | `{}` | annotations |
| `service.http.extraPorts` | `[]` | further ports (ServicePort) |
| `service.http.clusterIP` | `''` | address within the cluster; `None`: headless |
| `service.http.externalIPs` | `[]` | further addresses |
| `service.http.loadBalancerIP` | `''` | address of the load balancer |
| `service.http.loadBalancerClass` | `''` | class of the load balancer |
| `service.http.loadBalancerSourceRanges` | `[]` | who may reach it |
| `service.http.allocateLoadBalancerNodePorts` | `true` | node ports for a load balancer |
| `service.http.externalTrafficPolicy` | `''` | `Cluster` or `Local` |
| `service.http.internalTrafficPolicy` | `''` | `Cluster` or `Local` |
| `service.http.healthCheckNodePort` | `0` | node port of the health check; 0: Kubernetes chooses |
| `service.http.sessionAffinity` | `''` | `None` or `ClientIP` |
| `service.http.sessionAffinityConfig` | `{}` | its settings |
| `service.http.publishNotReadyAddresses` | `false` | addresses of Pods that are not ready, too |
| `service.http.ipFamilyPolicy` | `''` | `SingleStack`, `PreferDualStack` or `RequireDualStack` |
| `service.http.ipFamilies` | `[]` | `IPv4`, `IPv6` |
| `service.tcp.enabled` | `true` | Service for the MQTT listener |
| `service.tcp.name` | `''` | its name; `<fullname>-tcp` when empty |
| `service.tcp.type` | `ClusterIP` | as `service.http.type` |
| `service.tcp.port` | `1883` | as `service.http.port` |
| `service.tcp.portName` | `mqtt` | as `service.http.portName` |
| `service.tcp.nodePort` | `0` | as `service.http.nodePort` |
| `service.tcp.appProtocol` | `''` | as `service.http.appProtocol` |
| `service.tcp.labels` | `{}` | as `service.http.labels` |
| `service.tcp.annotations` | `{}` | as `service.http.annotations` |
| `service.tcp.extraPorts` | `[]` | as `service.http.extraPorts` |
| `service.tcp.clusterIP` | `''` | as `service.http.clusterIP` |
| `service.tcp.externalIPs` | `[]` | as `service.http.externalIPs` |
| `service.tcp.loadBalancerIP` | `''` | as `service.http.loadBalancerIP` |
| `service.tcp.loadBalancerClass` | `''` | as `service.http.loadBalancerClass` |
| `service.tcp.loadBalancerSourceRanges` | `[]` | as `service.http.loadBalancerSourceRanges` |
| `service.tcp.allocateLoadBalancerNodePorts` | `true` | as `service.http.allocateLoadBalancerNodePorts` |
| `service.tcp.externalTrafficPolicy` | `''` | as `service.http.externalTrafficPolicy` |
| `service.tcp.internalTrafficPolicy` | `''` | as `service.http.internalTrafficPolicy` |
| `service.tcp.healthCheckNodePort` | `0` | as `service.http.healthCheckNodePort` |
| `service.tcp.sessionAffinity` | `''` | as `service.http.sessionAffinity` |
| `service.tcp.sessionAffinityConfig` | `{}` | as `service.http.sessionAffinityConfig` |
| `service.tcp.publishNotReadyAddresses` | `false` | as `service.http.publishNotReadyAddresses` |
| `service.tcp.ipFamilyPolicy` | `''` | as `service.http.ipFamilyPolicy` |
| `service.tcp.ipFamilies` | `[]` | as `service.http.ipFamilies` |
| `extraContainerPorts` | `[]` | further ports of the container |
| `ingress.enabled` | `false` | Ingress to the HTTP Service |
| `ingress.className` | `''` | class; left out when empty |
| `ingress.annotations` | `{}` | annotations |
| `ingress.hosts` | `[]` | hosts and paths; at least one |
| `ingress.tls` | `[]` | certificates |
| `replicaCount` | `1` | number of Pods |
| `revisionHistoryLimit` | `10` | old ReplicaSets to keep |
| `minReadySeconds` | `0` | how long a Pod has to be ready |
| `progressDeadlineSeconds` | `600` | how long a rollout may take |
| `strategy` | `{}` | how Pods are replaced; when empty see [Data](#data) |
| `resources` | `{}` | requests and limits |
| `nodeSelector` | `{}` | nodes |
| `tolerations` | `[]` | tolerations |
| `affinity` | `{}` | affinity |
| `topologySpreadConstraints` | `[]` | spread |
| `priorityClassName` | `''` | priority |
| `runtimeClassName` | `''` | runtime |
| `schedulerName` | `''` | scheduler |
| `terminationGracePeriodSeconds` | `30` | time to stop |
| `hostNetwork` | `false` | the node's network |
| `dnsPolicy` | `''` | name resolution |
| `dnsConfig` | `{}` | name resolution |
| `hostAliases` | `[]` | further host names |
| `lifecycle` | `{}` | hooks of the container |
| `extraContainers` | `[]` | further containers |

## License

Apache-2.0

"""#),
("examples/migrate-from-0.1.0.yaml", #"""
# An upgrade in place of a 0.1.0 release named `broker`, which had been configured by hand. Everything that
# clients and other objects refer to keeps its name, and the Deployment keeps its selector.
fullnameOverride: broker
selectorLabels:
  app: broker

# A ServiceAccount made by hand stays the operator's own, with its own permissions.
serviceAccount:
  create: false
  name: broker
rbac:
  create: false

# The one Service of 0.1.0, with both ports.
service:
  http:
    extraPorts:
      - name: mqtt
        port: 1883
        targetPort: mqtt
  tcp:
    enabled: false

# What had been set with `kubectl set env`.
k8s:
  enabled: true
tcp:
  enabled: true
config:
  httpPort: 9000
  adminTokenFrom:
    secretKeyRef:
      name: broker-admin
      key: token
extraEnv:
  - name: LOG_LEVEL
    value: "debug"

# As before: nothing kept, and the image's own user.
persistence:
  enabled: false
securityContext:
  runAsNonRoot: false
  runAsUser: null
  fsGroup: null

"""#),
("examples/minimal.yaml", #"""
# The least that clients can use: MQTT over TCP, nothing kept.
tcp:
  enabled: true

"""#),
("examples/operator-mode.yaml", #"""
# Operator mode across the cluster, with the permissions that this use needs.
k8s:
  enabled: true
tcp:
  enabled: true
api:
  enabled: true

serviceAccount:
  create: true
  annotations:
    example.com/owner: messaging

rbac:
  create: true
  clusterWide: true
  rules:
    - apiGroups: [""]
      resources: ["configmaps", "services", "endpoints", "pods"]
      verbs: ["get", "list", "watch"]
    - apiGroups: [""]
      resources: ["events"]
      verbs: ["create", "patch"]

extraEnv:
  - name: POD_NAMESPACE
    valueFrom:
      fieldRef:
        fieldPath: metadata.namespace

"""#),
("examples/production.yaml", #"""
# MQTT, WebSockets and the API behind an Ingress; data in a claim; credentials from an existing Secret:
#   kubectl create secret generic backbone-credentials \
#     --from-file=admin-token=./admin-token --from-file=jwt-secret=./jwt-secret
config:
  adminTokenFrom:
    secretKeyRef:
      name: backbone-credentials
      key: admin-token
  jwtSecretFrom:
    secretKeyRef:
      name: backbone-credentials
      key: jwt-secret

api:
  enabled: true
ws:
  enabled: true
tcp:
  enabled: true

persistence:
  enabled: true
  size: 10Gi
  annotations:
    helm.sh/resource-policy: keep

service:
  tcp:
    type: LoadBalancer
    externalTrafficPolicy: Local

ingress:
  enabled: true
  className: nginx
  annotations:
    nginx.ingress.kubernetes.io/proxy-read-timeout: "3600"
  hosts:
    - host: mqtt.example.com
      paths:
        - path: /
          pathType: Prefix
  tls:
    - secretName: mqtt-tls
      hosts:
        - mqtt.example.com

securityContext:
  allowPrivilegeEscalation: false
  capabilities:
    drop: ["ALL"]
  seccompProfile:
    type: RuntimeDefault

resources:
  requests:
    cpu: 100m
    memory: 128Mi
  limits:
    memory: 512Mi

"""#),
("examples/redis-oidc.yaml", #"""
# An existing Redis, and sign-in with OpenID Connect. The Secret:
#   kubectl create secret generic backbone-services \
#     --from-file=redis-password=./redis-password --from-file=oidc-client-secret=./oidc-client-secret
api:
  enabled: true
tcp:
  enabled: true

redis:
  enabled: true
  host: redis.databases.svc
  port: 6380
  db: 2
  passwordFrom:
    secretKeyRef:
      name: backbone-services
      key: redis-password

oidc:
  enabled: true
  discovery: https://id.example.com/.well-known/openid-configuration
  clientId: backbone
  clientSecretFrom:
    secretKeyRef:
      name: backbone-services
      key: oidc-client-secret
  groupField: groups
  adminGroup: mqtt-admins
  writerGroup: mqtt-writers
  readerGroup: mqtt-readers

"""#),
("templates/NOTES.txt", #"""
{{- $state := include "backbone.state" . | fromJson -}}
{{- $http := or $state.API_ENABLED $state.WS_ENABLED -}}
{{- $fullname := include "backbone.fullname" . -}}
{{- $namespace := .Release.Namespace -}}
{{- $unknown := $state.unknown -}}
Backbone {{ .Chart.AppVersion }} ({{ include "backbone.image" . }}) is installed as Deployment {{ $fullname }} in namespace {{ $namespace }}.

  API          {{ ternary (printf "on, port %d" (int $state.HTTP_PORT)) "off" $state.API_ENABLED }}
  WebSockets   {{ ternary (printf "on, port %d" (int $state.HTTP_PORT)) "off" $state.WS_ENABLED }}
  MQTT (TCP)   {{ ternary (printf "on, port %d" (int $state.TCP_PORT)) "off" $state.TCP_ENABLED }}
  Kubernetes   {{ ternary "operator mode" "off" $state.K8S_ENABLED }}
  OpenID       {{ ternary "on" "off" $state.OIDC_ENABLED }}
  Redis        {{ ternary "on" "off" $state.REDIS_ENABLED }}
{{- if .Values.persistence.enabled }}
  Data         {{ if .Values.persistence.volume }}{{ keys .Values.persistence.volume | first }}{{ else }}claim {{ include "backbone.claimName" . }}{{ end }} at {{ .Values.persistence.mountPath }}
{{- else }}
  Data         in the container only
{{- end }}
{{- with $unknown }}

Set by reference, so not known here (a listener or mode among them is shown as off): {{ join ", " . }}
{{- end }}

Watch it start:

  kubectl --namespace {{ $namespace }} rollout status deployment/{{ $fullname }}
{{- if and $http .Values.service.http.enabled }}

Reach the HTTP listener:

  kubectl --namespace {{ $namespace }} port-forward service/{{ include "backbone.httpServiceName" . }} 8080:{{ int .Values.service.http.port }}
  {{- if $state.API_ENABLED }}
  curl http://127.0.0.1:8080/health
  {{- end }}
{{- end }}
{{- if .Values.ingress.enabled }}
{{- $scheme := ternary "https" "http" (not (empty .Values.ingress.tls)) }}
{{- range .Values.ingress.hosts }}
{{- with .host }}
  {{ $scheme }}://{{ . }}
{{- end }}
{{- end }}
{{- end }}
{{- if and $state.TCP_ENABLED .Values.service.tcp.enabled }}

Reach MQTT:

  kubectl --namespace {{ $namespace }} port-forward service/{{ include "backbone.tcpServiceName" . }} 1883:{{ int .Values.service.tcp.port }}
{{- end }}
{{- $warnings := list }}
{{- if not (or $http $state.TCP_ENABLED) }}
{{- $warnings = append $warnings "No listener is on, so clients cannot connect and there is nothing to probe: set tcp.enabled, ws.enabled or api.enabled." }}
{{- end }}
{{- if not .Values.persistence.enabled }}
{{- $warnings = append $warnings "Data is lost whenever the Pod is replaced: set persistence.enabled to keep it." }}
{{- end }}
{{- if and .Values.persistence.enabled (not .Values.persistence.existingClaim) (not .Values.persistence.volume) (ne (dig "helm.sh/resource-policy" "" (.Values.persistence.annotations | default dict)) "keep") }}
{{- $warnings = append $warnings "helm rollback and helm uninstall delete the claim and its data: see persistence.annotations." }}
{{- end }}
{{- if and .Values.persistence.enabled (contains "ReadOnly" .Values.persistence.accessMode) }}
{{- $warnings = append $warnings "The volume is mounted read-only (persistence.accessMode), and the broker writes to it." }}
{{- end }}
{{- $container := include "backbone.securityContext" (dict "root" . "level" "container") | fromYaml }}
{{- if and $container.readOnlyRootFilesystem (not .Values.persistence.enabled) }}
{{- $warnings = append $warnings "The root file system is read-only and there is no volume, so the broker cannot write its data." }}
{{- end }}
{{- $pod := include "backbone.securityContext" (dict "root" . "level" "pod") | fromYaml }}
{{- $user := ternary $container.runAsUser $pod.runAsUser (hasKey $container "runAsUser") }}
{{- if and $user (or (and $http (lt (int $state.HTTP_PORT) 1024)) (and $state.TCP_ENABLED (lt (int $state.TCP_PORT) 1024))) }}
{{- $warnings = append $warnings "A listener has a port below 1024, which a user other than root may not be allowed to open." }}
{{- end }}
{{- if and .Values.ingress.enabled (not $http) }}
{{- $warnings = append $warnings "The Ingress leads to the HTTP listener, which is off: set api.enabled or ws.enabled." }}
{{- end }}
{{- if gt (int .Values.replicaCount) 1 }}
{{- $warnings = append $warnings "More than one replica: the brokers do not share sessions or messages." }}
{{- end }}
{{- if or .Values.config.adminToken .Values.config.jwtSecret .Values.oidc.clientSecret .Values.redis.password }}
{{- $warnings = append $warnings "Credentials were given as text and can be read in the Deployment and the release: see config.adminTokenFrom." }}
{{- end }}
{{- with $warnings }}

Please note:
{{ range . }}
- {{ . }}
{{- end }}
{{- end }}

"""#),
("templates/_helpers.tpl", #"""
{{/* Names */}}

{{- define "backbone.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "backbone.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{/* Names of Services. They may not contain dots, which names of releases may. */}}
{{- define "backbone.httpServiceName" -}}
{{- .Values.service.http.name | default (include "backbone.fullname" . | replace "." "-") }}
{{- end }}

{{- define "backbone.tcpServiceName" -}}
{{- $base := include "backbone.fullname" . | replace "." "-" | trunc 59 | trimSuffix "-" }}
{{- .Values.service.tcp.name | default (printf "%s-tcp" $base) }}
{{- end }}

{{- define "backbone.claimName" -}}
{{- $new := printf "%s-data" (include "backbone.fullname" . | trunc 58 | trimSuffix "-") }}
{{- .Values.persistence.existingClaim | default $new }}
{{- end }}

{{- define "backbone.serviceAccountName" -}}
{{- $default := ternary (include "backbone.fullname" .) "default" .Values.serviceAccount.create }}
{{- .Values.serviceAccount.name | default $default }}
{{- end }}

{{/*
The Role's name. One for the whole cluster contains the namespace, and a colon, which neither part can contain: so
releases in different namespaces never meet.
*/}}
{{- define "backbone.roleName" -}}
{{- $fullname := include "backbone.fullname" . }}
{{- ternary (printf "%s:%s" .Release.Namespace $fullname) $fullname .Values.rbac.clusterWide }}
{{- end }}

{{- define "backbone.image" -}}
{{- $image := .Values.image }}
{{- $tag := $image.tag }}
{{- if not (or $tag $image.digest) }}
{{- $tag = .Chart.AppVersion }}
{{- end }}
{{- $image.repository }}
{{- with $tag }}{{ printf ":%s" . }}{{ end }}
{{- with $image.digest }}{{ printf "@%s" . }}{{ end }}
{{- end }}

{{/* Text and YAML */}}

{{/*
A value as text. Numbers reach a template as floats, even whole ones: 12345678 must not become 1.2345678e+07. Text
passes as it is.
*/}}
{{- define "backbone.text" -}}
{{- if and (kindIs "float64" .) (eq (floor .) .) }}{{ int64 . }}{{ else if not (kindIs "invalid" .) }}{{ . }}{{ end -}}
{{- end }}

{{/* A map of text to text, whatever is in it. */}}
{{- define "backbone.map" -}}
{{- $lines := list }}
{{- range $key, $value := . }}
{{- $lines = append $lines (printf "%s: %s" ($key | quote) (include "backbone.text" $value | quote)) }}
{{- end }}
{{- join "\n" $lines }}
{{- end }}

{{/*
A value as YAML, as it is. toYaml returns nothing when the value contains a control character; saying so is better
than leaving out what was asked for.
*/}}
{{- define "backbone.yaml" -}}
{{- $yaml := toYaml . }}
{{- if not $yaml }}
{{- fail (printf "a value contains control characters that YAML cannot carry: %.60q" (toString .)) }}
{{- end }}
{{- $yaml }}
{{- end }}

{{/* Labels and annotations */}}

{{- define "backbone.selectorLabels" -}}
{{- if .Values.selectorLabels }}
{{- include "backbone.map" .Values.selectorLabels }}
{{- else }}
{{- include "backbone.map" (dict
  "app.kubernetes.io/name" (include "backbone.name" .)
  "app.kubernetes.io/instance" .Release.Name) }}
{{- end }}
{{- end }}

{{/* The labels of every object: dict "root" $ "labels" further ones of the object. */}}
{{- define "backbone.labels" -}}
{{- $root := .root }}
{{- $labels := dict
  "helm.sh/chart" (printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-")
  "app.kubernetes.io/name" (include "backbone.name" $root)
  "app.kubernetes.io/instance" $root.Release.Name
  "app.kubernetes.io/version" ($root.Chart.AppVersion | toString) }}
{{- range list $root.Values.commonLabels .labels $root.Values.selectorLabels }}
{{- range $key, $value := . }}{{ $_ := set $labels $key $value }}{{ end }}
{{- end }}
{{- $_ := set $labels "app.kubernetes.io/managed-by" $root.Release.Service }}
{{- include "backbone.map" $labels }}
{{- end }}

{{/*
The labels of Pods. Those that name the chart's version are left out, so that a new version of the chart that changes
nothing restarts nothing. Those that the selector looks for cannot be replaced.
*/}}
{{- define "backbone.podLabels" -}}
{{- $fixed := dict
  "app.kubernetes.io/name" (include "backbone.name" .)
  "app.kubernetes.io/instance" .Release.Name }}
{{- $selector := .Values.selectorLabels | default $fixed }}
{{- $labels := dict }}
{{- range list $fixed .Values.commonLabels .Values.podLabels $selector }}
{{- range $key, $value := . }}{{ $_ := set $labels $key $value }}{{ end }}
{{- end }}
{{- include "backbone.map" $labels }}
{{- end }}

{{/* "annotations:" and what belongs there, or nothing: list of maps, later ones win. */}}
{{- define "backbone.annotations" -}}
{{- $annotations := dict }}
{{- range . }}
{{- range $key, $value := . }}{{ $_ := set $annotations $key $value }}{{ end }}
{{- end }}
{{- with $annotations -}}
annotations:
  {{- include "backbone.map" . | nindent 2 }}
{{- end }}
{{- end }}

{{/* What the broker will see */}}

{{/*
The text that a variable of the chart will have: dict "extra" the entries of extraEnv by name "name" NAME "value" the
chart's own. Nothing when it comes from a reference, which cannot be known here.
*/}}
{{- define "backbone.effective" -}}
{{- with get .extra .name }}
{{- if not .valueFrom }}{{ include "backbone.text" .value }}{{ end }}
{{- else }}
{{- include "backbone.text" .value }}
{{- end }}
{{- end }}

{{/*
Which listeners are on, and where: JSON. A flag is on when its text is exactly `true`. A port that is not known is
taken from config, for the container and the Services; no probe is made from it.
*/}}
{{- define "backbone.state" -}}
{{- $extra := dict }}
{{- $unknown := list }}
{{- range .Values.extraEnv }}
{{- $_ := set $extra .name . }}
{{- if .valueFrom }}{{ $unknown = append $unknown .name }}{{ end }}
{{- end }}
{{- $state := dict "unknown" $unknown }}
{{- range $name, $value := dict
  "API_ENABLED" .Values.api.enabled
  "WS_ENABLED" .Values.ws.enabled
  "TCP_ENABLED" .Values.tcp.enabled
  "K8S_ENABLED" .Values.k8s.enabled
  "REDIS_ENABLED" .Values.redis.enabled
  "OIDC_ENABLED" .Values.oidc.enabled }}
{{- $text := include "backbone.effective" (dict "extra" $extra "name" $name "value" $value) }}
{{- $_ := set $state $name (eq $text "true") }}
{{- end }}
{{- range $name, $value := dict "HTTP_PORT" .Values.config.httpPort "TCP_PORT" .Values.config.tcpPort }}
{{- $text := include "backbone.effective" (dict "extra" $extra "name" $name "value" $value) }}
{{- $known := regexMatch "^[1-9][0-9]{0,4}$" $text }}
{{- if $known }}{{ $known = le (int $text) 65535 }}{{ end }}
{{- $_ := set $state (printf "%s_KNOWN" $name) $known }}
{{- $_ := set $state $name (ternary $text (include "backbone.text" $value) $known | int) }}
{{- end }}
{{- /* Two listeners cannot share a port, but one that is off may have the number of the other. */}}
{{- $shared := eq $state.HTTP_PORT $state.TCP_PORT }}
{{- $_ := set $state "shared" $shared }}
{{- $_ := set $state "httpName" (ternary "mqtt" "http" (and $shared $state.TCP_ENABLED)) }}
{{- $_ := set $state "mqttName" (ternary "http" "mqtt" (and $shared (not $state.TCP_ENABLED))) }}
{{- toJson $state }}
{{- end }}

{{/*
One variable of the chart: dict "extra" a map by the names in extraEnv, "name", "value", "from", "always". Nothing when
extraEnv names it, or when it is optional and empty.
*/}}
{{- define "backbone.variable" -}}
{{- $text := include "backbone.text" .value }}
{{- if hasKey .extra .name }}
{{- else if .from }}
- name: {{ .name | quote }}
  valueFrom:
    {{- include "backbone.yaml" .from | nindent 4 }}
{{- else if or .always $text }}
- name: {{ .name | quote }}
  value: {{ $text | quote }}
{{- end }}
{{- end }}

{{/* The container's environment. */}}
{{- define "backbone.env" -}}
{{- $extra := dict }}
{{- range .Values.extraEnv }}{{ $_ := set $extra .name true }}{{ end }}
{{- range list
  (dict "name" "ADMIN_TOKEN" "value" .Values.config.adminToken "from" .Values.config.adminTokenFrom)
  (dict "name" "JWT_SECRET" "value" .Values.config.jwtSecret "from" .Values.config.jwtSecretFrom)
  (dict "name" "HTTP_PORT" "value" .Values.config.httpPort "always" true)
  (dict "name" "TCP_PORT" "value" .Values.config.tcpPort "always" true)
  (dict "name" "K8S_ENABLED" "value" .Values.k8s.enabled "always" true)
  (dict "name" "WS_ENABLED" "value" .Values.ws.enabled "always" true)
  (dict "name" "API_ENABLED" "value" .Values.api.enabled "always" true)
  (dict "name" "TCP_ENABLED" "value" .Values.tcp.enabled "always" true)
  (dict "name" "OIDC_ENABLED" "value" .Values.oidc.enabled "always" true)
  (dict "name" "OIDC_DISCOVERY" "value" .Values.oidc.discovery)
  (dict "name" "OIDC_CLIENT_ID" "value" .Values.oidc.clientId)
  (dict "name" "OIDC_CLIENT_SECRET" "value" .Values.oidc.clientSecret "from" .Values.oidc.clientSecretFrom)
  (dict "name" "OIDC_GROUP_FIELD" "value" .Values.oidc.groupField "always" true)
  (dict "name" "OIDC_ADMIN_GROUP" "value" .Values.oidc.adminGroup)
  (dict "name" "OIDC_WRITER_GROUP" "value" .Values.oidc.writerGroup)
  (dict "name" "OIDC_READER_GROUP" "value" .Values.oidc.readerGroup)
  (dict "name" "REDIS_ENABLED" "value" .Values.redis.enabled "always" true)
  (dict "name" "REDIS_HOST" "value" .Values.redis.host "always" true)
  (dict "name" "REDIS_PORT" "value" .Values.redis.port "always" true)
  (dict "name" "REDIS_PASSWORD" "value" .Values.redis.password "from" .Values.redis.passwordFrom)
  (dict "name" "REDIS_DB" "value" .Values.redis.db "always" true)
  (dict "name" "TZ" "value" .Values.timezone) }}
{{- include "backbone.variable" (set . "extra" $extra) }}
{{- end }}
{{- range .Values.extraEnv }}
- name: {{ .name | quote }}
  {{- if .valueFrom }}
  valueFrom:
    {{- include "backbone.yaml" .valueFrom | nindent 4 }}
  {{- else }}
  value: {{ include "backbone.text" .value | quote }}
  {{- end }}
{{- end }}
{{- end }}

{{/* The container's ports. Server-side apply needs every protocol written out, here and in Services. */}}
{{- define "backbone.containerPorts" -}}
{{- $state := include "backbone.state" . | fromJson -}}
- name: {{ $state.httpName | quote }}
  containerPort: {{ int $state.HTTP_PORT }}
  protocol: TCP
{{- if not $state.shared }}
- name: {{ $state.mqttName | quote }}
  containerPort: {{ int $state.TCP_PORT }}
  protocol: TCP
{{- end }}
{{- range .Values.extraContainerPorts }}
{{ include "backbone.yaml" (list (merge (deepCopy .) (dict "protocol" "TCP"))) }}
{{- end }}
{{- end }}

{{/* One probe: dict "root" $ "probe" its values. Nothing when it is off, or when there is nothing to check. */}}
{{- define "backbone.probe" -}}
{{- $state := include "backbone.state" .root | fromJson }}
{{- $api := and $state.API_ENABLED $state.HTTP_PORT_KNOWN }}
{{- $tcp := and $state.TCP_ENABLED $state.TCP_PORT_KNOWN }}
{{- $ws := and $state.WS_ENABLED $state.HTTP_PORT_KNOWN }}
{{- if not .probe.enabled }}
{{- else if .probe.custom }}
{{- include "backbone.yaml" .probe.custom }}
{{- else if or $api $tcp $ws }}
{{- if $api -}}
httpGet:
  path: /health
  port: {{ $state.httpName }}
{{- else -}}
tcpSocket:
  port: {{ ternary $state.mqttName $state.httpName $tcp }}
{{- end }}
{{- range list "initialDelaySeconds" "periodSeconds" "timeoutSeconds" "failureThreshold" "successThreshold" }}
{{- if hasKey $.probe . }}
{{ . }}: {{ get $.probe . | int }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* Whether the data is in a claim that one node or Pod may mount at a time: "true" or nothing. */}}
{{- define "backbone.singleWriter" -}}
{{- $data := .Values.persistence }}
{{- $claim := or (not $data.volume) (hasKey ($data.volume | default dict) "persistentVolumeClaim") }}
{{- if and $data.enabled $claim (has $data.accessMode (list "ReadWriteOnce" "ReadWriteOncePod")) }}true{{ end }}
{{- end }}

{{/* The Pod's and the container's security context: dict "root" $ "level" "pod" or "container". */}}
{{- define "backbone.securityContext" -}}
{{- $onlyContainer := list "allowPrivilegeEscalation" "capabilities" "privileged" "procMount" "readOnlyRootFilesystem" }}
{{- $container := eq .level "container" }}
{{- $context := dict }}
{{- range $key, $value := .root.Values.securityContext }}
{{- if eq $container (has $key $onlyContainer) }}{{ $_ := set $context $key $value }}{{ end }}
{{- end }}
{{- range $key, $value := ternary .root.Values.containerSecurityContext .root.Values.podSecurityContext $container }}
{{- $_ := set $context $key $value }}
{{- end }}
{{- range $key, $value := $context }}
{{- if kindIs "invalid" $value }}{{ $_ := unset $context $key }}{{ end }}
{{- end }}
{{- with $context }}{{ include "backbone.yaml" . }}{{ end }}
{{- end }}

{{/* One Service: dict "root" $ "name" its name, "service" its values, "target" the name of its container port. */}}
{{- define "backbone.service" -}}
{{- $root := .root }}
{{- $service := .service }}
{{- $state := include "backbone.state" $root | fromJson }}
{{- $targets := dict "http" $state.httpName "mqtt" $state.mqttName -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .name | quote }}
  namespace: {{ $root.Release.Namespace | quote }}
  labels:
    {{- include "backbone.labels" (dict "root" $root "labels" $service.labels) | nindent 4 }}
  {{- with include "backbone.annotations" (list $root.Values.commonAnnotations $service.annotations) }}
  {{- . | nindent 2 }}
  {{- end }}
spec:
  type: {{ $service.type }}
  selector:
    {{- include "backbone.selectorLabels" $root | nindent 4 }}
  ports:
    - name: {{ $service.portName | quote }}
      port: {{ int $service.port }}
      targetPort: {{ get $targets .target }}
      protocol: TCP
      {{- with $service.nodePort }}
      nodePort: {{ int . }}
      {{- end }}
      {{- with $service.appProtocol }}
      appProtocol: {{ . | quote }}
      {{- end }}
    {{- range $service.extraPorts }}
    {{- $port := merge (deepCopy .) (dict "protocol" "TCP") }}
    {{- if hasKey $targets (toString .targetPort) }}
    {{- $_ := set $port "targetPort" (get $targets .targetPort) }}
    {{- end }}
    {{- include "backbone.yaml" (list $port) | nindent 4 }}
    {{- end }}
  {{- range $field := list "clusterIP" "loadBalancerIP" "loadBalancerClass" "externalTrafficPolicy"
    "internalTrafficPolicy" "sessionAffinity" "ipFamilyPolicy" }}
  {{- with get $service $field }}
  {{ $field }}: {{ . | quote }}
  {{- end }}
  {{- end }}
  {{- range $field := list "externalIPs" "loadBalancerSourceRanges" "ipFamilies" }}
  {{- with get $service $field }}
  {{ $field }}:
    {{- range . }}
    - {{ . | quote }}
    {{- end }}
  {{- end }}
  {{- end }}
  {{- with $service.sessionAffinityConfig }}
  sessionAffinityConfig:
    {{- include "backbone.yaml" . | nindent 4 }}
  {{- end }}
  {{- with $service.healthCheckNodePort }}
  healthCheckNodePort: {{ int . }}
  {{- end }}
  {{- if $service.publishNotReadyAddresses }}
  publishNotReadyAddresses: true
  {{- end }}
  {{- if and (eq $service.type "LoadBalancer") (not $service.allocateLoadBalancerNodePorts) }}
  allocateLoadBalancerNodePorts: false
  {{- end }}
{{- end }}

{{/* Refuses values that contradict each other, in words. */}}
{{- define "backbone.validate" -}}
{{- $state := include "backbone.state" . | fromJson }}
{{- $names := dict }}
{{- range .Values.extraEnv }}
{{- if hasKey $names .name }}{{ fail (printf "extraEnv: %q appears twice" .name) }}{{ end }}
{{- if and .value .valueFrom }}{{ fail (printf "extraEnv: %q has both value and valueFrom" .name) }}{{ end }}
{{- $_ := set $names .name true }}
{{- end }}
{{- if and $state.shared (or $state.API_ENABLED $state.WS_ENABLED) $state.TCP_ENABLED }}
{{- fail (printf "config.httpPort and config.tcpPort are both %d: the two listeners need two ports" (int $state.HTTP_PORT)) }}
{{- end }}
{{- if and .Values.persistence.enabled .Values.persistence.existingClaim .Values.persistence.volume }}
{{- fail "persistence: give existingClaim or volume, not both" }}
{{- end }}
{{- if and .Values.ingress.enabled (not .Values.service.http.enabled) }}
{{- fail "ingress.enabled: the Ingress leads to the HTTP Service, but service.http.enabled is false" }}
{{- end }}
{{- $http := include "backbone.httpServiceName" . }}
{{- if and .Values.service.http.enabled .Values.service.tcp.enabled (eq $http (include "backbone.tcpServiceName" .)) }}
{{- fail (printf "service: both Services are named %q; for one Service with both ports see service.http.extraPorts" $http) }}
{{- end }}
{{- $ports := list "http" "mqtt" }}
{{- range .Values.extraContainerPorts }}{{ with .name }}{{ $ports = append $ports . }}{{ end }}{{ end }}
{{- range .Values.extraContainers }}
{{- range .ports }}{{ with .name }}{{ $ports = append $ports . }}{{ end }}{{ end }}
{{- end }}
{{- range $name, $service := .Values.service }}
{{- $inside := eq $service.type "ClusterIP" }}
{{- range $field := list "nodePort" "externalTrafficPolicy" "healthCheckNodePort" }}
{{- if and $inside (get $service $field) }}
{{- fail (printf "service.%s.%s: needs type NodePort or LoadBalancer, not ClusterIP" $name $field) }}
{{- end }}
{{- end }}
{{- range $service.extraPorts }}
{{- if and (kindIs "string" .targetPort) (not (has .targetPort $ports)) }}
{{- fail (printf "service.%s.extraPorts: no container has a port named %q" $name .targetPort) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

"""#),
("templates/deployment.yaml", #"""
{{- include "backbone.validate" . }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "backbone.fullname" . | quote }}
  namespace: {{ .Release.Namespace | quote }}
  labels:
    {{- include "backbone.labels" (dict "root" . "labels" .Values.deploymentLabels) | nindent 4 }}
  {{- with include "backbone.annotations" (list .Values.commonAnnotations .Values.deploymentAnnotations) }}
  {{- . | nindent 2 }}
  {{- end }}
spec:
  replicas: {{ int .Values.replicaCount }}
  revisionHistoryLimit: {{ int .Values.revisionHistoryLimit }}
  {{- with .Values.minReadySeconds }}
  minReadySeconds: {{ int . }}
  {{- end }}
  {{- if ne (int .Values.progressDeadlineSeconds) 600 }}
  progressDeadlineSeconds: {{ int .Values.progressDeadlineSeconds }}
  {{- end }}
  {{- if .Values.strategy }}
  strategy:
    {{- include "backbone.yaml" .Values.strategy | nindent 4 }}
  {{- else if include "backbone.singleWriter" . }}
  strategy:
    type: Recreate
  {{- end }}
  selector:
    matchLabels:
      {{- include "backbone.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "backbone.podLabels" . | nindent 8 }}
      {{- with include "backbone.annotations" (list .Values.commonAnnotations .Values.podAnnotations) }}
      {{- . | nindent 6 }}
      {{- end }}
    spec:
      serviceAccountName: {{ include "backbone.serviceAccountName" . | quote }}
      {{- if not .Values.serviceAccount.automountServiceAccountToken }}
      automountServiceAccountToken: false
      {{- end }}
      {{- with .Values.imagePullSecrets }}
      imagePullSecrets:
        {{- include "backbone.yaml" . | nindent 8 }}
      {{- end }}
      {{- with include "backbone.securityContext" (dict "root" . "level" "pod") }}
      securityContext:
        {{- . | nindent 8 }}
      {{- end }}
      terminationGracePeriodSeconds: {{ int .Values.terminationGracePeriodSeconds }}
      {{- if .Values.hostNetwork }}
      hostNetwork: true
      {{- end }}
      {{- range $field := list "priorityClassName" "runtimeClassName" "schedulerName" "dnsPolicy" }}
      {{- with get $.Values $field }}
      {{ $field }}: {{ . | quote }}
      {{- end }}
      {{- end }}
      {{- with .Values.nodeSelector }}
      nodeSelector:
        {{- include "backbone.map" . | nindent 8 }}
      {{- end }}
      {{- range $field := list "tolerations" "affinity" "topologySpreadConstraints" "dnsConfig" "hostAliases" }}
      {{- with get $.Values $field }}
      {{ $field }}:
        {{- include "backbone.yaml" . | nindent 8 }}
      {{- end }}
      {{- end }}
      containers:
        - name: {{ .Values.containerName | default .Chart.Name | quote }}
          image: {{ include "backbone.image" . | quote }}
          imagePullPolicy: {{ .Values.image.pullPolicy }}
          {{- range $field := list "command" "args" }}
          {{- with get $.Values $field }}
          {{ $field }}:
            {{- range . }}
            - {{ . | quote }}
            {{- end }}
          {{- end }}
          {{- end }}
          env:
            {{- include "backbone.env" . | trim | nindent 12 }}
          {{- with .Values.extraEnvFrom }}
          envFrom:
            {{- include "backbone.yaml" . | nindent 12 }}
          {{- end }}
          ports:
            {{- include "backbone.containerPorts" . | nindent 12 }}
          {{- range $field := list "livenessProbe" "readinessProbe" "startupProbe" }}
          {{- with include "backbone.probe" (dict "root" $ "probe" (get $.Values $field)) }}
          {{ $field }}:
            {{- . | nindent 12 }}
          {{- end }}
          {{- end }}
          {{- with .Values.lifecycle }}
          lifecycle:
            {{- include "backbone.yaml" . | nindent 12 }}
          {{- end }}
          {{- with .Values.resources }}
          resources:
            {{- include "backbone.yaml" . | nindent 12 }}
          {{- end }}
          {{- with include "backbone.securityContext" (dict "root" . "level" "container") }}
          securityContext:
            {{- . | nindent 12 }}
          {{- end }}
          {{- if or .Values.persistence.enabled .Values.extraVolumeMounts }}
          volumeMounts:
            {{- if .Values.persistence.enabled }}
            - name: {{ .Values.persistence.volumeName | quote }}
              mountPath: {{ .Values.persistence.mountPath | quote }}
              {{- with .Values.persistence.subPath }}
              subPath: {{ . | quote }}
              {{- end }}
            {{- end }}
            {{- with .Values.extraVolumeMounts }}
            {{- include "backbone.yaml" . | nindent 12 }}
            {{- end }}
          {{- end }}
        {{- with .Values.extraContainers }}
        {{- include "backbone.yaml" . | nindent 8 }}
        {{- end }}
      {{- if or .Values.persistence.enabled .Values.extraVolumes }}
      volumes:
        {{- if .Values.persistence.enabled }}
        - name: {{ .Values.persistence.volumeName | quote }}
          {{- if .Values.persistence.volume }}
          {{- include "backbone.yaml" .Values.persistence.volume | nindent 10 }}
          {{- else }}
          persistentVolumeClaim:
            claimName: {{ include "backbone.claimName" . | quote }}
          {{- end }}
        {{- end }}
        {{- with .Values.extraVolumes }}
        {{- include "backbone.yaml" . | nindent 8 }}
        {{- end }}
      {{- end }}

"""#),
("templates/ingress.yaml", #"""
{{- if .Values.ingress.enabled }}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ include "backbone.fullname" . | quote }}
  namespace: {{ .Release.Namespace | quote }}
  labels:
    {{- include "backbone.labels" (dict "root" .) | nindent 4 }}
  {{- with include "backbone.annotations" (list .Values.commonAnnotations .Values.ingress.annotations) }}
  {{- . | nindent 2 }}
  {{- end }}
spec:
  {{- with .Values.ingress.className }}
  ingressClassName: {{ . | quote }}
  {{- end }}
  rules:
    {{- range .Values.ingress.hosts }}
    - http:
        paths:
          {{- range .paths | default (list (dict "path" "/")) }}
          - path: {{ .path | default "/" | quote }}
            pathType: {{ .pathType | default "Prefix" }}
            backend:
              service:
                name: {{ include "backbone.httpServiceName" $ | quote }}
                port:
                  number: {{ int $.Values.service.http.port }}
          {{- end }}
      {{- with .host }}
      host: {{ . | quote }}
      {{- end }}
    {{- end }}
  {{- with .Values.ingress.tls }}
  tls:
    {{- include "backbone.yaml" . | nindent 4 }}
  {{- end }}
{{- end }}

"""#),
("templates/persistentvolumeclaim.yaml", #"""
{{- with .Values.persistence }}
{{- if and .enabled (not .existingClaim) (not .volume) }}
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: {{ include "backbone.claimName" $ | quote }}
  namespace: {{ $.Release.Namespace | quote }}
  labels:
    {{- include "backbone.labels" (dict "root" $) | nindent 4 }}
  {{- with include "backbone.annotations" (list $.Values.commonAnnotations .annotations) }}
  {{- . | nindent 2 }}
  {{- end }}
spec:
  accessModes:
    - {{ .accessMode }}
  {{- if eq .storageClass "-" }}
  storageClassName: ""
  {{- else if .storageClass }}
  storageClassName: {{ .storageClass | quote }}
  {{- end }}
  resources:
    requests:
      storage: {{ .size | quote }}
{{- end }}
{{- end }}

"""#),
("templates/rbac.yaml", #"""
{{- $state := include "backbone.state" . | fromJson }}
{{- $operator := or $state.K8S_ENABLED (has "K8S_ENABLED" $state.unknown) }}
{{- if and .Values.rbac.create .Values.rbac.rules $operator }}
{{- $kind := ternary "ClusterRole" "Role" .Values.rbac.clusterWide }}
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ $kind }}
metadata:
  name: {{ include "backbone.roleName" . | quote }}
  {{- if not .Values.rbac.clusterWide }}
  namespace: {{ .Release.Namespace | quote }}
  {{- end }}
  labels:
    {{- include "backbone.labels" (dict "root" .) | nindent 4 }}
  {{- with include "backbone.annotations" (list .Values.commonAnnotations) }}
  {{- . | nindent 2 }}
  {{- end }}
rules:
  {{- include "backbone.yaml" .Values.rbac.rules | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ $kind }}Binding
metadata:
  name: {{ include "backbone.roleName" . | quote }}
  {{- if not .Values.rbac.clusterWide }}
  namespace: {{ .Release.Namespace | quote }}
  {{- end }}
  labels:
    {{- include "backbone.labels" (dict "root" .) | nindent 4 }}
  {{- with include "backbone.annotations" (list .Values.commonAnnotations) }}
  {{- . | nindent 2 }}
  {{- end }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {{ $kind }}
  name: {{ include "backbone.roleName" . | quote }}
subjects:
  - kind: ServiceAccount
    name: {{ include "backbone.serviceAccountName" . | quote }}
    namespace: {{ .Release.Namespace | quote }}
{{- end }}

"""#),
("templates/service-tcp.yaml", #"""
{{- if .Values.service.tcp.enabled }}
{{ include "backbone.service" (dict
  "root" . "name" (include "backbone.tcpServiceName" .) "service" .Values.service.tcp "target" "mqtt") }}
{{- end }}

"""#),
("templates/service.yaml", #"""
{{- if .Values.service.http.enabled }}
{{ include "backbone.service" (dict
  "root" . "name" (include "backbone.httpServiceName" .) "service" .Values.service.http "target" "http") }}
{{- end }}

"""#),
("templates/serviceaccount.yaml", #"""
{{- with .Values.serviceAccount }}
{{- if .create }}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "backbone.serviceAccountName" $ | quote }}
  namespace: {{ $.Release.Namespace | quote }}
  labels:
    {{- include "backbone.labels" (dict "root" $) | nindent 4 }}
  {{- with include "backbone.annotations" (list $.Values.commonAnnotations .annotations) }}
  {{- . | nindent 2 }}
  {{- end }}
automountServiceAccountToken: {{ .automountServiceAccountToken }}
{{- end }}
{{- end }}

"""#),
("values.schema.json", #"""
{
  "$schema": "http://json-schema.org/draft-07/schema#",
  "title": "Values of the Backbone chart",
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "global": {"type": "object"},
    "enabled": {"type": "boolean"},
    "config": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "adminToken": {"type": "string"},
        "adminTokenFrom": {"$ref": "#/definitions/variableSource"},
        "jwtSecret": {"type": "string"},
        "jwtSecretFrom": {"$ref": "#/definitions/variableSource"},
        "httpPort": {"$ref": "#/definitions/port"},
        "tcpPort": {"$ref": "#/definitions/port"}
      },
      "required": ["httpPort", "tcpPort"]
    },
    "k8s": {
      "type": "object",
      "additionalProperties": false,
      "properties": {"enabled": {"type": "boolean"}},
      "required": ["enabled"]
    },
    "ws": {
      "type": "object",
      "additionalProperties": false,
      "properties": {"enabled": {"type": "boolean"}},
      "required": ["enabled"]
    },
    "api": {
      "type": "object",
      "additionalProperties": false,
      "properties": {"enabled": {"type": "boolean"}},
      "required": ["enabled"]
    },
    "tcp": {
      "type": "object",
      "additionalProperties": false,
      "properties": {"enabled": {"type": "boolean"}},
      "required": ["enabled"]
    },
    "oidc": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "enabled": {"type": "boolean"},
        "discovery": {"type": "string"},
        "clientId": {"type": "string"},
        "clientSecret": {"type": "string"},
        "clientSecretFrom": {"$ref": "#/definitions/variableSource"},
        "groupField": {"type": "string"},
        "adminGroup": {"type": "string"},
        "writerGroup": {"type": "string"},
        "readerGroup": {"type": "string"}
      },
      "required": ["enabled", "groupField"]
    },
    "redis": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "enabled": {"type": "boolean"},
        "host": {"type": "string"},
        "port": {"$ref": "#/definitions/port"},
        "password": {"type": "string"},
        "passwordFrom": {"$ref": "#/definitions/variableSource"},
        "db": {"type": "integer", "minimum": 0, "maximum": 2147483647}
      },
      "required": ["enabled", "host", "port", "db"]
    },
    "timezone": {"type": "string"},
    "extraEnv": {"type": "array", "items": {"$ref": "#/definitions/variable"}},
    "extraEnvFrom": {"type": "array", "items": {"$ref": "#/definitions/variablesSource"}},
    "image": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "repository": {"type": "string", "minLength": 1},
        "tag": {"type": "string", "pattern": "^([A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?$"},
        "digest": {"type": "string", "pattern": "^([a-z0-9]+([+._-][a-z0-9]+)*:[0-9A-Za-z=_-]{32,})?$"},
        "pullPolicy": {"type": "string", "enum": ["Always", "IfNotPresent", "Never"]}
      },
      "required": ["repository", "pullPolicy"]
    },
    "imagePullSecrets": {
      "type": "array",
      "items": {
        "type": "object",
        "additionalProperties": false,
        "properties": {"name": {"type": "string", "minLength": 1}},
        "required": ["name"]
      }
    },
    "command": {"type": "array", "items": {"type": "string"}},
    "args": {"type": "array", "items": {"type": "string"}},
    "nameOverride": {"type": "string", "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$", "maxLength": 63},
    "fullnameOverride": {"type": "string", "pattern": "^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$", "maxLength": 63},
    "containerName": {"type": "string", "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$", "maxLength": 63},
    "commonLabels": {"$ref": "#/definitions/textMap"},
    "commonAnnotations": {"$ref": "#/definitions/textMap"},
    "selectorLabels": {"$ref": "#/definitions/textMap"},
    "podLabels": {"$ref": "#/definitions/textMap"},
    "podAnnotations": {"$ref": "#/definitions/textMap"},
    "deploymentLabels": {"$ref": "#/definitions/textMap"},
    "deploymentAnnotations": {"$ref": "#/definitions/textMap"},
    "persistence": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "enabled": {"type": "boolean"},
        "size": {"$ref": "#/definitions/quantity"},
        "storageClass": {"type": "string", "pattern": "^(-|[a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$"},
        "accessMode": {"type": "string", "enum": ["ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany", "ReadOnlyMany"]},
        "annotations": {"$ref": "#/definitions/textMap"},
        "existingClaim": {"type": "string", "pattern": "^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$"},
        "volume": {"type": "object", "maxProperties": 1, "not": {"required": ["name"]}},
        "mountPath": {"type": "string", "pattern": "^/[^:]*$"},
        "subPath": {"type": "string"},
        "volumeName": {"type": "string", "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "maxLength": 63}
      },
      "required": ["enabled", "size", "accessMode", "mountPath", "volumeName"]
    },
    "extraVolumes": {"$ref": "#/definitions/objects"},
    "extraVolumeMounts": {"$ref": "#/definitions/objects"},
    "serviceAccount": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "create": {"type": "boolean"},
        "name": {"type": "string", "pattern": "^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$"},
        "annotations": {"$ref": "#/definitions/textMap"},
        "automountServiceAccountToken": {"type": "boolean"}
      },
      "required": ["create", "automountServiceAccountToken"]
    },
    "rbac": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "create": {"type": "boolean"},
        "clusterWide": {"type": "boolean"},
        "rules": {"$ref": "#/definitions/objects"}
      },
      "required": ["create", "clusterWide"]
    },
    "securityContext": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "runAsNonRoot": {"type": ["boolean", "null"]},
        "runAsUser": {"type": ["integer", "null"], "minimum": 0},
        "runAsGroup": {"type": ["integer", "null"], "minimum": 0},
        "fsGroup": {"type": ["integer", "null"], "minimum": 0},
        "fsGroupChangePolicy": {"enum": ["Always", "OnRootMismatch", null]},
        "supplementalGroups": {"type": ["array", "null"], "items": {"type": "integer", "minimum": 0}},
        "supplementalGroupsPolicy": {"enum": ["Merge", "Strict", null]},
        "sysctls": {"type": ["array", "null"], "items": {"type": "object"}},
        "seLinuxOptions": {"type": ["object", "null"]},
        "seLinuxChangePolicy": {"type": ["string", "null"]},
        "seccompProfile": {"type": ["object", "null"]},
        "appArmorProfile": {"type": ["object", "null"]},
        "windowsOptions": {"type": ["object", "null"]},
        "allowPrivilegeEscalation": {"type": ["boolean", "null"]},
        "capabilities": {"type": ["object", "null"]},
        "privileged": {"type": ["boolean", "null"]},
        "procMount": {"type": ["string", "null"]},
        "readOnlyRootFilesystem": {"type": ["boolean", "null"]}
      }
    },
    "podSecurityContext": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "runAsNonRoot": {"type": ["boolean", "null"]},
        "runAsUser": {"type": ["integer", "null"], "minimum": 0},
        "runAsGroup": {"type": ["integer", "null"], "minimum": 0},
        "fsGroup": {"type": ["integer", "null"], "minimum": 0},
        "fsGroupChangePolicy": {"enum": ["Always", "OnRootMismatch", null]},
        "supplementalGroups": {"type": ["array", "null"], "items": {"type": "integer", "minimum": 0}},
        "supplementalGroupsPolicy": {"enum": ["Merge", "Strict", null]},
        "sysctls": {"type": ["array", "null"], "items": {"type": "object"}},
        "seLinuxOptions": {"type": ["object", "null"]},
        "seLinuxChangePolicy": {"type": ["string", "null"]},
        "seccompProfile": {"type": ["object", "null"]},
        "appArmorProfile": {"type": ["object", "null"]},
        "windowsOptions": {"type": ["object", "null"]}
      }
    },
    "containerSecurityContext": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "runAsNonRoot": {"type": ["boolean", "null"]},
        "runAsUser": {"type": ["integer", "null"], "minimum": 0},
        "runAsGroup": {"type": ["integer", "null"], "minimum": 0},
        "seLinuxOptions": {"type": ["object", "null"]},
        "seccompProfile": {"type": ["object", "null"]},
        "appArmorProfile": {"type": ["object", "null"]},
        "windowsOptions": {"type": ["object", "null"]},
        "allowPrivilegeEscalation": {"type": ["boolean", "null"]},
        "capabilities": {"type": ["object", "null"]},
        "privileged": {"type": ["boolean", "null"]},
        "procMount": {"type": ["string", "null"]},
        "readOnlyRootFilesystem": {"type": ["boolean", "null"]}
      }
    },
    "livenessProbe": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "enabled": {"type": "boolean"},
        "initialDelaySeconds": {"type": "integer", "minimum": 0, "maximum": 2147483647},
        "periodSeconds": {"type": "integer", "minimum": 1, "maximum": 2147483647},
        "timeoutSeconds": {"type": "integer", "minimum": 1, "maximum": 2147483647},
        "failureThreshold": {"type": "integer", "minimum": 1, "maximum": 2147483647},
        "custom": {"type": "object"}
      },
      "required": ["enabled"]
    },
    "readinessProbe": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "enabled": {"type": "boolean"},
        "initialDelaySeconds": {"type": "integer", "minimum": 0, "maximum": 2147483647},
        "periodSeconds": {"type": "integer", "minimum": 1, "maximum": 2147483647},
        "timeoutSeconds": {"type": "integer", "minimum": 1, "maximum": 2147483647},
        "failureThreshold": {"type": "integer", "minimum": 1, "maximum": 2147483647},
        "custom": {"type": "object"},
        "successThreshold": {"type": "integer", "minimum": 1, "maximum": 2147483647}
      },
      "required": ["enabled"]
    },
    "startupProbe": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "enabled": {"type": "boolean"},
        "initialDelaySeconds": {"type": "integer", "minimum": 0, "maximum": 2147483647},
        "periodSeconds": {"type": "integer", "minimum": 1, "maximum": 2147483647},
        "timeoutSeconds": {"type": "integer", "minimum": 1, "maximum": 2147483647},
        "failureThreshold": {"type": "integer", "minimum": 1, "maximum": 2147483647},
        "custom": {"type": "object"}
      },
      "required": ["enabled"]
    },
    "service": {
      "type": "object",
      "additionalProperties": false,
      "properties": {"http": {"$ref": "#/definitions/service"}, "tcp": {"$ref": "#/definitions/service"}},
      "required": ["http", "tcp"]
    },
    "extraContainerPorts": {"type": "array", "items": {"$ref": "#/definitions/containerPort"}},
    "ingress": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "enabled": {"type": "boolean"},
        "className": {"type": "string"},
        "annotations": {"$ref": "#/definitions/textMap"},
        "hosts": {
          "type": "array",
          "items": {
            "type": "object",
            "additionalProperties": false,
            "properties": {
              "host": {"type": "string"},
              "paths": {
                "type": "array",
                "items": {
                  "type": "object",
                  "additionalProperties": false,
                  "properties": {
                    "path": {"type": "string", "pattern": "^/"},
                    "pathType": {"type": "string", "enum": ["Exact", "Prefix", "ImplementationSpecific"]}
                  },
                  "required": ["path"]
                }
              }
            }
          }
        },
        "tls": {
          "type": "array",
          "items": {
            "type": "object",
            "additionalProperties": false,
            "properties": {"secretName": {"type": "string"}, "hosts": {"type": "array", "items": {"type": "string"}}}
          }
        }
      },
      "required": ["enabled"],
      "if": {"properties": {"enabled": {"const": true}}},
      "then": {"required": ["hosts"], "properties": {"hosts": {"minItems": 1}}}
    },
    "replicaCount": {"type": "integer", "minimum": 0, "maximum": 2147483647},
    "revisionHistoryLimit": {"type": "integer", "minimum": 0, "maximum": 2147483647},
    "minReadySeconds": {"type": "integer", "minimum": 0, "maximum": 2147483647},
    "progressDeadlineSeconds": {"type": "integer", "minimum": 1, "maximum": 2147483647},
    "strategy": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "type": {"type": "string", "enum": ["Recreate", "RollingUpdate"]},
        "rollingUpdate": {"type": ["object", "null"]}
      }
    },
    "resources": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "limits": {"type": "object"},
        "requests": {"type": "object"},
        "claims": {"$ref": "#/definitions/objects"}
      }
    },
    "nodeSelector": {"$ref": "#/definitions/textMap"},
    "tolerations": {"$ref": "#/definitions/objects"},
    "affinity": {"type": "object"},
    "topologySpreadConstraints": {"$ref": "#/definitions/objects"},
    "priorityClassName": {"type": "string"},
    "runtimeClassName": {"type": "string"},
    "schedulerName": {"type": "string"},
    "terminationGracePeriodSeconds": {"type": "integer", "minimum": 0, "maximum": 2147483647},
    "hostNetwork": {"type": "boolean"},
    "dnsPolicy": {"type": "string", "enum": ["", "ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]},
    "dnsConfig": {"type": "object"},
    "hostAliases": {"$ref": "#/definitions/objects"},
    "lifecycle": {"type": "object"},
    "extraContainers": {"$ref": "#/definitions/objects"}
  },
  "required": [
    "config",
    "k8s",
    "ws",
    "api",
    "tcp",
    "oidc",
    "redis",
    "image",
    "persistence",
    "serviceAccount",
    "rbac",
    "livenessProbe",
    "readinessProbe",
    "startupProbe",
    "service",
    "ingress",
    "replicaCount",
    "revisionHistoryLimit",
    "progressDeadlineSeconds",
    "terminationGracePeriodSeconds"
  ],
  "definitions": {
    "port": {"type": "integer", "minimum": 1, "maximum": 65535},
    "textMap": {"type": "object", "additionalProperties": {"type": "string"}},
    "objects": {"type": "array", "items": {"type": "object"}},
    "keyRef": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "name": {"type": "string", "minLength": 1},
        "key": {"type": "string", "minLength": 1},
        "optional": {"type": "boolean"}
      },
      "required": ["name", "key"]
    },
    "variableSource": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "secretKeyRef": {"$ref": "#/definitions/keyRef"},
        "configMapKeyRef": {"$ref": "#/definitions/keyRef"},
        "fieldRef": {
          "type": "object",
          "additionalProperties": false,
          "properties": {"apiVersion": {"type": "string"}, "fieldPath": {"type": "string", "minLength": 1}},
          "required": ["fieldPath"]
        },
        "resourceFieldRef": {
          "type": "object",
          "additionalProperties": false,
          "properties": {
            "containerName": {"type": "string"},
            "resource": {"type": "string", "minLength": 1},
            "divisor": {"type": ["string", "integer"]}
          },
          "required": ["resource"]
        },
        "fileKeyRef": {"type": "object"}
      },
      "maxProperties": 1
    },
    "variable": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "name": {"type": "string", "pattern": "^[ -<>-~]+$"},
        "value": {"type": "string"},
        "valueFrom": {"allOf": [{"$ref": "#/definitions/variableSource"}, {"minProperties": 1}]}
      },
      "required": ["name"]
    },
    "variablesSource": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "prefix": {"type": "string"},
        "configMapRef": {
          "type": "object",
          "additionalProperties": false,
          "properties": {"name": {"type": "string", "minLength": 1}, "optional": {"type": "boolean"}},
          "required": ["name"]
        },
        "secretRef": {
          "type": "object",
          "additionalProperties": false,
          "properties": {"name": {"type": "string", "minLength": 1}, "optional": {"type": "boolean"}},
          "required": ["name"]
        }
      },
      "oneOf": [{"required": ["configMapRef"]}, {"required": ["secretRef"]}]
    },
    "quantity": {"type": "string", "pattern": "^[0-9]+(\\.[0-9]+)?(Ki|Mi|Gi|Ti|Pi|Ei|k|M|G|T|P|E|[eE][0-9]+)?$"},
    "containerPort": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "name": {
          "type": "string",
          "pattern": "^[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$",
          "not": {"enum": ["http", "mqtt"]}
        },
        "containerPort": {"$ref": "#/definitions/port"},
        "protocol": {"type": "string", "enum": ["TCP", "UDP", "SCTP"]},
        "hostPort": {"$ref": "#/definitions/port"},
        "hostIP": {"type": "string"}
      },
      "required": ["containerPort"]
    },
    "servicePort": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "name": {"type": "string", "minLength": 1},
        "port": {"$ref": "#/definitions/port"},
        "targetPort": {"oneOf": [{"$ref": "#/definitions/port"}, {"type": "string", "minLength": 1}]},
        "protocol": {"type": "string", "enum": ["TCP", "UDP", "SCTP"]},
        "nodePort": {"$ref": "#/definitions/port"},
        "appProtocol": {"type": "string"}
      },
      "required": ["name", "port", "targetPort"]
    },
    "service": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "enabled": {"type": "boolean"},
        "name": {"type": "string", "pattern": "^([a-z]([-a-z0-9]*[a-z0-9])?)?$", "maxLength": 63},
        "type": {"type": "string", "enum": ["ClusterIP", "NodePort", "LoadBalancer"]},
        "port": {"$ref": "#/definitions/port"},
        "portName": {"type": "string", "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "maxLength": 63},
        "nodePort": {"type": "integer", "minimum": 0, "maximum": 65535},
        "appProtocol": {"type": "string"},
        "labels": {"$ref": "#/definitions/textMap"},
        "annotations": {"$ref": "#/definitions/textMap"},
        "extraPorts": {"type": "array", "items": {"$ref": "#/definitions/servicePort"}},
        "clusterIP": {"type": "string"},
        "externalIPs": {"type": "array", "items": {"type": "string"}},
        "loadBalancerIP": {"type": "string"},
        "loadBalancerClass": {"type": "string"},
        "loadBalancerSourceRanges": {"type": "array", "items": {"type": "string"}},
        "allocateLoadBalancerNodePorts": {"type": "boolean"},
        "externalTrafficPolicy": {"type": "string", "enum": ["", "Cluster", "Local"]},
        "internalTrafficPolicy": {"type": "string", "enum": ["", "Cluster", "Local"]},
        "healthCheckNodePort": {"type": "integer", "minimum": 0, "maximum": 65535},
        "sessionAffinity": {"type": "string", "enum": ["", "None", "ClientIP"]},
        "sessionAffinityConfig": {"type": "object"},
        "publishNotReadyAddresses": {"type": "boolean"},
        "ipFamilyPolicy": {"type": "string", "enum": ["", "SingleStack", "PreferDualStack", "RequireDualStack"]},
        "ipFamilies": {"type": "array", "items": {"type": "string", "enum": ["IPv4", "IPv6"]}}
      },
      "required": ["enabled", "type", "port", "portName", "allocateLoadBalancerNodePorts"]
    }
  }
}

"""#),
("values.yaml", #"""
# Values of the Backbone chart.
#
# Every value below is set to its default. Give only what should differ:
#
#   helm upgrade --install backbone ./charts -f my-values.yaml
#
# Ready-made values for common situations are in examples/. Unknown names and wrong types are refused
# (values.schema.json): text that looks like a number or a boolean has to be quoted.

# ---------------------------------------------------------------------------------------------------
# The broker. Each value is one environment variable of the broker, named behind it.
# ---------------------------------------------------------------------------------------------------

config:
  # Token of the administrator (ADMIN_TOKEN). Not set when empty. A value given here can be read by anyone
  # who may read the Deployment or the release: prefer adminTokenFrom.
  adminToken: ''
  # Takes ADMIN_TOKEN from elsewhere: a Kubernetes EnvVarSource as it is. Wins over adminToken. Example:
  #   adminTokenFrom:
  #     secretKeyRef:
  #       name: backbone-credentials
  #       key: admin-token
  adminTokenFrom: {}
  # Secret that signs JSON web tokens (JWT_SECRET). Not set when empty. Prefer jwtSecretFrom.
  jwtSecret: ''
  # Takes JWT_SECRET from elsewhere, like adminTokenFrom. Wins over jwtSecret.
  jwtSecretFrom: {}
  # Port of the HTTP listener (HTTP_PORT), which serves the API and WebSockets.
  httpPort: 8883
  # Port of the MQTT listener (TCP_PORT).
  tcpPort: 1883

k8s:
  # Operator mode: the broker works with the Kubernetes API (K8S_ENABLED). Default true since the chart runs
  # in Kubernetes. See rbac for what it may do there.
  enabled: true

ws:
  # MQTT over WebSockets on config.httpPort (WS_ENABLED).
  enabled: false

api:
  # HTTP API on config.httpPort (API_ENABLED). Probes use its /health.
  enabled: false

tcp:
  # MQTT over TCP on config.tcpPort (TCP_ENABLED).
  enabled: false

# Sign-in with OpenID Connect. The values are handed to the broker whether or not `enabled` is true; the
# broker ignores them while it is false.
oidc:
  # OIDC_ENABLED
  enabled: false
  # URL of the discovery document (OIDC_DISCOVERY). Example:
  #   discovery: https://id.example.com/.well-known/openid-configuration
  discovery: ''
  # OIDC_CLIENT_ID
  clientId: ''
  # OIDC_CLIENT_SECRET. Prefer clientSecretFrom.
  clientSecret: ''
  # Takes OIDC_CLIENT_SECRET from elsewhere, like config.adminTokenFrom. Wins over clientSecret.
  clientSecretFrom: {}
  # Claim of the token that lists the user's groups (OIDC_GROUP_FIELD).
  groupField: 'groups'
  # Groups whose members administer, write and read (OIDC_ADMIN_GROUP, OIDC_WRITER_GROUP, OIDC_READER_GROUP).
  adminGroup: ''
  writerGroup: ''
  readerGroup: ''

# An existing Redis. The values are handed to the broker whether or not `enabled` is true; the broker ignores
# them while it is false.
redis:
  # REDIS_ENABLED
  enabled: false
  # REDIS_HOST
  host: 'localhost'
  # REDIS_PORT
  port: 6379
  # REDIS_PASSWORD. Not set when empty. Prefer passwordFrom.
  password: ''
  # Takes REDIS_PASSWORD from elsewhere, like config.adminTokenFrom. Wins over password.
  passwordFrom: {}
  # Number of the database (REDIS_DB).
  db: 0

# Time zone of the broker (TZ). Not set when empty. Example: Europe/Vienna
timezone: ''

# Further environment variables, as Kubernetes EnvVar: name, and value or valueFrom. `value` is text, so quote
# it. Rendered in this order, after the chart's own variables. A variable named here replaces the chart's own
# variable of that name; probes, ports and RBAC follow the text given here. A port or flag that comes from a
# reference (valueFrom) cannot be known: no probe is made from it, and config.httpPort or config.tcpPort has to
# name the port for the container and its Services. A name may appear once. Example:
#   extraEnv:
#     - name: LOG_LEVEL
#       value: "debug"
#     - name: NODE_NAME
#       valueFrom:
#         fieldRef:
#           fieldPath: spec.nodeName
extraEnv: []

# Sources of whole sets of variables, as Kubernetes EnvFromSource. Kubernetes lets `env` win over `envFrom`, so
# the variables that the chart always sets cannot be given this way: use extraEnv for those. Example:
#   extraEnvFrom:
#     - configMapRef:
#         name: backbone-settings
extraEnvFrom: []

# ---------------------------------------------------------------------------------------------------
# Image
# ---------------------------------------------------------------------------------------------------

image:
  repository: backbone
  # The chart's appVersion when empty (unless a digest is given).
  tag: ''
  # Pins the image exactly. Example: sha256:0123…
  digest: ''
  # Always, IfNotPresent or Never
  pullPolicy: IfNotPresent

# Existing Secrets with registry credentials. Example:
#   imagePullSecrets:
#     - name: registry-credentials
imagePullSecrets: []

# Replace the image's entrypoint and arguments. Lists of text.
command: []
args: []

# ---------------------------------------------------------------------------------------------------
# Names and labels
# ---------------------------------------------------------------------------------------------------

# Replaces the chart's name in generated names.
nameOverride: ''
# Replaces generated names altogether. Otherwise: the release's name if it contains the chart's name, else
# <release>-<chart>. To keep the names of a 0.1.0 release, give the release's name here.
fullnameOverride: ''
# Name of the broker's container; the chart's name when empty.
containerName: ''

# Labels and annotations for every object and for Pods.
commonLabels: {}
commonAnnotations: {}

# Replaces the labels by which the Deployment and the Services find the Pods. A Deployment's selector cannot be
# changed later, so give here what an existing Deployment has if it should be upgraded in place. Example, for
# a 0.1.0 release named `broker`:
#   selectorLabels:
#     app: broker
selectorLabels: {}

# Labels and annotations for Pods only.
podLabels: {}
podAnnotations: {}

# Labels and annotations for the Deployment only, such as those that Reloader and Keel go by.
deploymentLabels: {}
deploymentAnnotations: {}

# ---------------------------------------------------------------------------------------------------
# Data
# ---------------------------------------------------------------------------------------------------

persistence:
  # Keeps /data (SQLite database, session data) in a volume. When false, data is lost whenever the Pod is
  # replaced, and nothing else in this section has an effect. When true, the volume is
  #   1. `volume`, if given;
  #   2. the claim `existingClaim`, if given;
  #   3. else a new claim, <fullname>-data, made from size, storageClass, accessMode and annotations.
  enabled: false
  # Size of the new claim.
  size: 1Gi
  # Storage class of the new claim. Empty: the cluster's default class. "-": no class at all, for volumes that
  # were made by hand. Common ones: standard, gp3, managed-csi, premium-rwo, longhorn, local-path.
  storageClass: ''
  # ReadWriteOnce, ReadWriteOncePod, ReadWriteMany or ReadOnlyMany. With the first two, the default update
  # strategy is Recreate; say here what an existing claim has.
  accessMode: ReadWriteOnce
  # Annotations of the new claim. `helm rollback` and `helm uninstall` delete the claim and its data, unless:
  #   annotations:
  #     helm.sh/resource-policy: keep
  annotations: {}
  # Name of a claim that exists already.
  existingClaim: ''
  # Another volume source, as Kubernetes has it. Not together with existingClaim. Examples:
  #   volume: {emptyDir: {}}
  #   volume: {hostPath: {path: /srv/backbone, type: DirectoryOrCreate}}
  #   volume: {nfs: {server: files.example.com, path: /backbone}}
  volume: {}
  # Where the volume appears in the container.
  mountPath: /data
  # Folder within the volume; its root when empty.
  subPath: ''
  # Name of the volume in the Pod.
  volumeName: data

# Further volumes and mounts, as Kubernetes has them.
extraVolumes: []
extraVolumeMounts: []

# ---------------------------------------------------------------------------------------------------
# Identity and permissions
# ---------------------------------------------------------------------------------------------------

serviceAccount:
  # Makes a ServiceAccount. To use one that exists already: create: false, and its name.
  create: true
  # Its name. When empty: <fullname> if it is created, else `default`. Chart 0.1.0 referred to one named as
  # the release, without creating it.
  name: ''
  # Example: an identity of the cloud provider
  #   annotations:
  #     eks.amazonaws.com/role-arn: arn:aws:iam::123456789012:role/backbone
  annotations: {}
  # Operator mode needs the token. false: not mounted, whoever made the ServiceAccount.
  automountServiceAccountToken: true

rbac:
  # Makes a Role and its RoleBinding for the ServiceAccount. Only in operator mode (k8s.enabled).
  create: true
  # Makes a ClusterRole and a ClusterRoleBinding instead, named <namespace>:<fullname>.
  clusterWide: false
  # What the broker may do. The default is to read what it can meet in its namespace, Secrets excepted.
  # Replace it by what your version and use of the broker needs. Example:
  #   rules:
  #     - apiGroups: [""]
  #       resources: ["secrets"]
  #       resourceNames: ["mqtt-users"]
  #       verbs: ["get", "watch"]
  rules:
    - apiGroups: [""]
      resources: ["configmaps", "endpoints", "pods", "services"]
      verbs: ["get", "list", "watch"]

# Security context. Each field goes to the level where Kubernetes has it: the Pod if it can be there, else the
# container. A field set to null is left out. For an image that has to run as root:
#   securityContext:
#     runAsNonRoot: false
#     runAsUser: 0
#     fsGroup: null
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  # Group that owns the files of the volume.
  fsGroup: 1000
  # /data needs write access
  readOnlyRootFilesystem: false

# Fields of the Pod's and of the container's security context exactly; each wins over securityContext on its
# level. Needed only where the levels differ, or for a field that securityContext does not know.
podSecurityContext: {}
containerSecurityContext: {}

# ---------------------------------------------------------------------------------------------------
# Health
# ---------------------------------------------------------------------------------------------------
# What a probe checks follows from what is on: HTTP GET /health on the HTTP port with api.enabled; else a TCP
# connection to the MQTT port with tcp.enabled; else a TCP connection to the HTTP port with ws.enabled. With
# none of them there is nothing to check, and no probe. `custom` replaces a probe as a whole, timing included.
# Example:
#   livenessProbe:
#     custom:
#       exec:
#         command: ["/bin/backbone", "health"]

livenessProbe:
  enabled: true
  initialDelaySeconds: 10
  periodSeconds: 10
  timeoutSeconds: 3
  failureThreshold: 3
  custom: {}

readinessProbe:
  enabled: true
  initialDelaySeconds: 5
  periodSeconds: 10
  timeoutSeconds: 3
  failureThreshold: 3
  successThreshold: 1
  custom: {}

# Holds the other probes off until the broker is up. For a slow start: 30 × 5 seconds.
startupProbe:
  enabled: false
  initialDelaySeconds: 0
  periodSeconds: 5
  timeoutSeconds: 3
  failureThreshold: 30
  custom: {}

# ---------------------------------------------------------------------------------------------------
# Network
# ---------------------------------------------------------------------------------------------------
# Two Services: `http` for the API and WebSockets, `tcp` for MQTT. Both find their container port by name, so
# they follow config.httpPort and config.tcpPort. They exist whether or not the listener is on, so that names
# and addresses stay when a listener is switched.

service:
  http:
    enabled: true
    # <fullname> when empty
    name: ''
    # ClusterIP, NodePort or LoadBalancer
    type: ClusterIP
    port: 80
    # Name of the port within the Service
    portName: http
    # 0: Kubernetes chooses. Needs type NodePort or LoadBalancer.
    nodePort: 0
    # Protocol of the application on this port, as Kubernetes has it. Left out when empty.
    appProtocol: ''
    labels: {}
    annotations: {}
    # Further ports, as Kubernetes ServicePort. targetPort is a number, or the name of a container port: http,
    # mqtt, or one of extraContainerPorts. Example, one Service for both (with service.tcp.enabled: false), as
    # chart 0.1.0 had it:
    #   extraPorts:
    #     - name: mqtt
    #       port: 1883
    #       targetPort: mqtt
    extraPorts: []
    # The rest of a Service's fields; left out when empty, 0 or as Kubernetes has them by default.
    clusterIP: ''
    externalIPs: []
    loadBalancerIP: ''
    loadBalancerClass: ''
    loadBalancerSourceRanges: []
    allocateLoadBalancerNodePorts: true
    # Cluster or Local
    externalTrafficPolicy: ''
    internalTrafficPolicy: ''
    healthCheckNodePort: 0
    # None or ClientIP
    sessionAffinity: ''
    sessionAffinityConfig: {}
    publishNotReadyAddresses: false
    # SingleStack, PreferDualStack or RequireDualStack
    ipFamilyPolicy: ''
    ipFamilies: []
  tcp:
    # The same, for MQTT
    enabled: true
    # <fullname>-tcp when empty
    name: ''
    type: ClusterIP
    port: 1883
    portName: mqtt
    nodePort: 0
    appProtocol: ''
    labels: {}
    annotations: {}
    extraPorts: []
    clusterIP: ''
    externalIPs: []
    loadBalancerIP: ''
    loadBalancerClass: ''
    loadBalancerSourceRanges: []
    allocateLoadBalancerNodePorts: true
    externalTrafficPolicy: ''
    internalTrafficPolicy: ''
    healthCheckNodePort: 0
    sessionAffinity: ''
    sessionAffinityConfig: {}
    publishNotReadyAddresses: false
    ipFamilyPolicy: ''
    ipFamilies: []

# Further ports of the broker's container, as Kubernetes ContainerPort. `http` and `mqtt` are always there.
extraContainerPorts: []

# Exposes the HTTP Service. Nothing answers there unless api.enabled or ws.enabled is true.
ingress:
  enabled: false
  # Class of the Ingress. Left out when empty: the cluster's default class, if it has one.
  className: ''
  # Example, for long-lived WebSockets with ingress-nginx:
  #   annotations:
  #     nginx.ingress.kubernetes.io/proxy-read-timeout: "3600"
  annotations: {}
  # At least one. An empty host means any; paths are optional. Example:
  #   hosts:
  #     - host: mqtt.example.com
  #       paths:
  #         - path: /
  #           pathType: Prefix
  hosts: []
  # Example:
  #   tls:
  #     - secretName: mqtt-tls
  #       hosts: [mqtt.example.com]
  tls: []

# ---------------------------------------------------------------------------------------------------
# Scheduling
# ---------------------------------------------------------------------------------------------------

# The broker keeps its state to itself: one replica.
replicaCount: 1
revisionHistoryLimit: 10
minReadySeconds: 0
# Seconds that a rollout may take before Kubernetes calls it failed.
progressDeadlineSeconds: 600

# How Pods are replaced, as Kubernetes has it. When empty: Recreate if data is in a claim that one node or Pod
# may mount at a time (persistence.accessMode), else Kubernetes' default, RollingUpdate. Example:
#   strategy:
#     type: Recreate
strategy: {}

# Example:
#   resources:
#     requests: {cpu: 100m, memory: 128Mi}
#     limits: {memory: 512Mi}
resources: {}

# All as Kubernetes has them.
nodeSelector: {}
tolerations: []
affinity: {}
topologySpreadConstraints: []
priorityClassName: ''
runtimeClassName: ''
schedulerName: ''
terminationGracePeriodSeconds: 30
hostNetwork: false
dnsPolicy: ''
dnsConfig: {}
hostAliases: []
lifecycle: {}

# Further containers of the Pod, as Kubernetes has them.
extraContainers: []

"""#),
  ]

  /// The recipes of migrations/charts/.
  package static let recipes: [File] = [
("backbone-0.1.0-to-0.2.0.yaml", #"""
# From Backbone's chart 0.1.0, which could not be configured, to 0.2.0 with structured values.
#
# variables   every environment variable of the broker
#   home        the value that sets it in the target chart
#   reference   the value that takes a Kubernetes EnvVarSource instead (secretKeyRef and so on)
#   codec       how the broker reads the text: text, flag (on only for exactly "true"), port and
#               integer (by parseInt)
#   sensitive   never shown, never stored
#   whenAbsent  the text that means the same to the broker as no variable at all
#   aliases     other spellings of the same setting
# listeners   the ports on which the broker listens
#   name        the name of the container's port in the target chart
#   port        the variable that holds its number
#   enabledBy   the flags of which any switches it on
#   paths       what it answers over HTTP, with the flag that switches each on
#   service     the values of the Service that leads to it: enabled, name, and a Service's own fields
# settings    facts other than variables that the target can be told to keep
#   onlyIfNeeded     written only when the fact does not come out as it was by itself
#   onlyWhenPresent  nothing to keep where the release does not have it
#   switchedBy       without one of these values, the target's default has no effect
# sink        the values that take any other variable, and any envFrom source
# observedValues  values of the old chart that the facts above account for
recipe: backbone-0.1.0-to-0.2.0
from:
  chart: backbone
  versions: ["0.1.0"]
to:
  chart: backbone
  versions: ["0.2.0"]
sink:
  variables: extraEnv
  sources: extraEnvFrom
observedValues:
  - env
  - extraEnv
  - image
variables:
  - name: ADMIN_TOKEN
    home: config.adminToken
    reference: config.adminTokenFrom
    codec: text
    sensitive: true
    whenAbsent: ""
  - name: JWT_SECRET
    home: config.jwtSecret
    reference: config.jwtSecretFrom
    codec: text
    sensitive: true
    whenAbsent: ""
  - name: K8S_ENABLED
    home: k8s.enabled
    codec: flag
    whenAbsent: "false"
  - name: WS_ENABLED
    home: ws.enabled
    codec: flag
    whenAbsent: "false"
  - name: API_ENABLED
    home: api.enabled
    codec: flag
    whenAbsent: "false"
  - name: HTTP_PORT
    home: config.httpPort
    codec: port
    whenAbsent: "8883"
  - name: TCP_ENABLED
    home: tcp.enabled
    codec: flag
    whenAbsent: "false"
  - name: TCP_PORT
    home: config.tcpPort
    codec: port
    whenAbsent: "1883"
  - name: OIDC_ENABLED
    home: oidc.enabled
    codec: flag
    whenAbsent: "false"
  - name: OIDC_DISCOVERY
    aliases: [OIDC_DISCOVERY_URL]
    home: oidc.discovery
    codec: text
    whenAbsent: ""
  - name: OIDC_CLIENT_ID
    home: oidc.clientId
    codec: text
    whenAbsent: ""
  - name: OIDC_CLIENT_SECRET
    home: oidc.clientSecret
    reference: oidc.clientSecretFrom
    codec: text
    sensitive: true
    whenAbsent: ""
  - name: OIDC_GROUP_FIELD
    home: oidc.groupField
    codec: text
    whenAbsent: "groups"
  - name: OIDC_ADMIN_GROUP
    home: oidc.adminGroup
    codec: text
    whenAbsent: ""
  - name: OIDC_WRITER_GROUP
    home: oidc.writerGroup
    codec: text
    whenAbsent: ""
  - name: OIDC_READER_GROUP
    home: oidc.readerGroup
    codec: text
    whenAbsent: ""
  - name: REDIS_ENABLED
    home: redis.enabled
    codec: flag
    whenAbsent: "false"
  - name: REDIS_HOST
    home: redis.host
    codec: text
    whenAbsent: "localhost"
  - name: REDIS_PORT
    home: redis.port
    codec: port
    whenAbsent: "6379"
  - name: REDIS_PASSWORD
    home: redis.password
    reference: redis.passwordFrom
    codec: text
    sensitive: true
    whenAbsent: ""
  - name: REDIS_DB
    home: redis.db
    codec: integer
    whenAbsent: "0"
  - name: TZ
    home: timezone
    codec: text
    whenAbsent: ""
listeners:
  - name: http
    port: HTTP_PORT
    enabledBy: [API_ENABLED, WS_ENABLED]
    paths: { /health: API_ENABLED }
    service: service.http
  - name: mqtt
    port: TCP_PORT
    enabledBy: [TCP_ENABLED]
    service: service.tcp
settings:
  - { dimension: ownership, fact: workload-name, home: fullnameOverride, code: workload-renamed }
  - { dimension: ownership, fact: container-name, home: containerName, code: workload-renamed }
  - { dimension: ownership, fact: selector, home: selectorLabels, code: selector-immutable }
  - { dimension: image, fact: repository, home: image.repository, code: image-changed }
  - { dimension: image, fact: tag, home: image.tag, whenAbsent: "", code: image-changed }
  - { dimension: image, fact: digest, home: image.digest, whenAbsent: "", code: image-changed }
  - { dimension: image, fact: pull-policy, home: image.pullPolicy, code: image-changed }
  - dimension: identity
    fact: service-account-name
    home: serviceAccount.name
    code: service-account-renamed
  - dimension: identity
    fact: service-account-in-release
    home: serviceAccount.create
    code: service-account-unowned
  - dimension: identity
    fact: service-account-annotations
    home: serviceAccount.annotations
    onlyIfNeeded: true
    code: service-account-annotations-lost
  - dimension: identity
    fact: automount-token
    home: serviceAccount.automountServiceAccountToken
    code: pod-settings-lost
  - dimension: storage
    fact: data-persistent
    home: persistence.enabled
    code: persistence-disabled
  - dimension: storage
    fact: data-claim
    home: persistence.existingClaim
    whenAbsent: ""
    code: persistence-disabled
  - dimension: storage
    fact: data-volume
    home: persistence.volume
    whenAbsent: {}
    code: volume-lost
  - dimension: storage
    fact: data-volume-name
    home: persistence.volumeName
    code: volume-lost
  - dimension: storage
    fact: data-sub-path
    home: persistence.subPath
    whenAbsent: ""
    code: volume-lost
  - { dimension: scheduling, fact: strategy, home: strategy, code: strategy-changed }
  - { dimension: storage, fact: other-volumes, home: extraVolumes, code: volume-lost }
  - { dimension: storage, fact: other-mounts, home: extraVolumeMounts, code: volume-lost }
  - { dimension: security, fact: security-context, home: securityContext, code: runs-as-non-root }
  - dimension: security
    fact: container-security-context
    home: containerSecurityContext
    code: runs-as-non-root
  - dimension: health
    fact: liveness-probe-enabled
    home: livenessProbe.enabled
    switchedBy: [api.enabled, tcp.enabled, ws.enabled]
    code: probe-introduced
  - dimension: health
    fact: liveness-probe
    home: livenessProbe.custom
    onlyWhenPresent: true
    code: probe-introduced
  - dimension: health
    fact: readiness-probe-enabled
    home: readinessProbe.enabled
    switchedBy: [api.enabled, tcp.enabled, ws.enabled]
    code: probe-introduced
  - dimension: health
    fact: readiness-probe
    home: readinessProbe.custom
    onlyWhenPresent: true
    code: probe-introduced
  - dimension: health
    fact: startup-probe-enabled
    home: startupProbe.enabled
    code: probe-introduced
  - dimension: health
    fact: startup-probe
    home: startupProbe.custom
    onlyWhenPresent: true
    code: probe-introduced
  - { dimension: scheduling, fact: replicas, home: replicaCount, code: replicas-changed }
  - { dimension: scheduling, fact: node-selector, home: nodeSelector, code: scheduling-lost }
  - { dimension: scheduling, fact: tolerations, home: tolerations, code: scheduling-lost }
  - { dimension: scheduling, fact: affinity, home: affinity, code: scheduling-lost }
  - dimension: scheduling
    fact: topology-spread-constraints
    home: topologySpreadConstraints
    code: scheduling-lost
  - dimension: scheduling
    fact: priority-class-name
    home: priorityClassName
    code: scheduling-lost
  - dimension: scheduling
    fact: runtime-class-name
    home: runtimeClassName
    code: scheduling-lost
  - { dimension: scheduling, fact: scheduler-name, home: schedulerName, code: scheduling-lost }
  - { dimension: scheduling, fact: resources, home: resources, code: resources-lost }
  - dimension: scheduling
    fact: image-pull-secrets
    home: imagePullSecrets
    code: image-pull-secrets-lost
  - { dimension: scheduling, fact: command, home: command, code: container-lost }
  - { dimension: scheduling, fact: args, home: args, code: container-lost }
  - { dimension: scheduling, fact: extra-containers, home: extraContainers, code: container-lost }
  - { dimension: scheduling, fact: init-containers, home: initContainers, code: container-lost }
  - { dimension: scheduling, fact: pod-labels, home: podLabels, code: pod-settings-lost }
  - { dimension: scheduling, fact: pod-annotations, home: podAnnotations, code: pod-settings-lost }
  - dimension: scheduling
    fact: deployment-labels
    home: deploymentLabels
    onlyIfNeeded: true
    code: pod-settings-lost
  - dimension: scheduling
    fact: deployment-annotations
    home: deploymentAnnotations
    code: pod-settings-lost
  - dimension: scheduling
    fact: container-ports
    home: extraContainerPorts
    code: pod-settings-lost
  - { dimension: scheduling, fact: lifecycle, home: lifecycle, code: pod-settings-lost }
  - dimension: scheduling
    fact: termination-grace-period-seconds
    home: terminationGracePeriodSeconds
    code: pod-settings-lost
  - { dimension: scheduling, fact: host-network, home: hostNetwork, code: pod-settings-lost }
  - { dimension: scheduling, fact: dns-policy, home: dnsPolicy, code: pod-settings-lost }
  - { dimension: scheduling, fact: dns-config, home: dnsConfig, code: pod-settings-lost }
  - { dimension: scheduling, fact: host-aliases, home: hostAliases, code: pod-settings-lost }
  - dimension: scheduling
    fact: revision-history-limit
    home: revisionHistoryLimit
    code: strategy-changed
  - dimension: scheduling
    fact: min-ready-seconds
    home: minReadySeconds
    code: strategy-changed
  - dimension: scheduling
    fact: progress-deadline-seconds
    home: progressDeadlineSeconds
    code: strategy-changed

"""#),
  ]

  /// The schema of the history, migrations/history/.
  package static let history: [File] = [
("V0001__plans.sql", #"""
-- Plans: what was found and proposed for one release at one moment.
--
-- `document` is the plan's JSON contract, redacted: no secret is ever stored here. The other columns
-- repeat what listings ask for. Times are UTC with milliseconds, so that text order is time order.
CREATE TABLE plan (
  -- the order of recording; breaks ties between plans of the same millisecond
  sequence       INTEGER PRIMARY KEY,
  id             TEXT    NOT NULL UNIQUE CHECK (id GLOB 'plan-?*'),
  digest         TEXT    NOT NULL CHECK (digest GLOB 'sha256:?*'),
  created_at     TEXT    NOT NULL CHECK (
    created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'
  ),
  release_name   TEXT    NOT NULL,
  namespace      TEXT    NOT NULL,
  -- Helm's number of the revision that was planned from
  revision       INTEGER NOT NULL CHECK (revision >= 0),
  -- NULL: planned from an exported release, without a cluster
  context        TEXT,
  cluster_id     TEXT,
  target_chart   TEXT    NOT NULL,
  target_version TEXT    NOT NULL,
  target_digest  TEXT    NOT NULL,
  verdict        TEXT    NOT NULL CHECK (verdict IN ('ready', 'attention', 'blocked')),
  document       TEXT    NOT NULL
) STRICT;

CREATE INDEX plan_by_release ON plan (release_name, namespace, created_at, sequence);
CREATE INDEX plan_by_time ON plan (created_at, sequence);

"""#),
("V0002__runs.sql", #"""
-- Runs: each execution of a plan, and of the way back, dry or real.
--
-- `document` is the run's JSON contract, redacted: no secret is ever stored here. It is replaced as a
-- whole at every step of the run; the other columns repeat what listings ask for.
CREATE TABLE run (
  -- the order of recording; breaks ties between runs of the same millisecond
  sequence      INTEGER PRIMARY KEY,
  id            TEXT    NOT NULL UNIQUE CHECK (id GLOB 'run-?*'),
  -- NULL: not known. No foreign key: the plan may be in the history of another machine.
  plan_id       TEXT    CHECK (plan_id GLOB 'plan-?*'),
  kind          TEXT    NOT NULL CHECK (kind IN ('apply', 'rollback')),
  dry_run       INTEGER NOT NULL CHECK (dry_run IN (0, 1)),
  state         TEXT    NOT NULL CHECK (state IN (
    'foretold', 'running', 'done', 'differs', 'failed', 'rolled-back', 'interrupted'
  )),
  release_name  TEXT    NOT NULL,
  namespace     TEXT    NOT NULL,
  -- NULL: could not be read
  cluster_id    TEXT,
  -- NULL: none was named
  context       TEXT,
  -- Helm's numbers of the revisions that the run began with and left
  from_revision INTEGER NOT NULL CHECK (from_revision >= 0),
  to_revision   INTEGER CHECK (to_revision >= 0),
  started_at    TEXT    NOT NULL CHECK (
    started_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'
  ),
  finished_at   TEXT    CHECK (
    finished_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'
  ),
  document      TEXT    NOT NULL
) STRICT;

CREATE INDEX run_by_release ON run (release_name, namespace, started_at, sequence);
CREATE INDEX run_by_time ON run (started_at, sequence);
CREATE INDEX run_by_plan ON run (plan_id);

-- Which secret changed since a plan was made: a digest of each one's value, keyed with `history_key`,
-- so that the digest says nothing to who does not have this file.
CREATE TABLE plan_secret (
  plan_id TEXT NOT NULL REFERENCES plan (id) ON DELETE CASCADE,
  -- the variable's
  name    TEXT NOT NULL,
  -- HMAC-SHA256 over the name and the value, in hexadecimal digits
  mark    TEXT NOT NULL CHECK (length(mark) = 64 AND mark NOT GLOB '*[^0-9a-f]*'),
  PRIMARY KEY (plan_id, name)
) STRICT, WITHOUT ROWID;

-- The key of the digests: random, made when it is first needed, never shown.
CREATE TABLE history_key (
  id  INTEGER PRIMARY KEY CHECK (id = 1),
  key BLOB    NOT NULL CHECK (length(key) = 32)
) STRICT;

"""#),
  ]

  /// Templates, style and script of the HTML report, reports/.
  package static let reports: [File] = [
("objects.html", #"""
{{% CONTENT_TYPE: REPORT }}
{{#.objects}}
<div class="object">
<h3><code>{{.name}}</code>{{#.change}} <span class="word">{{.}}</span>{{/.change}}</h3>
{{#.fields}}
<div class="field">
<code class="path">{{.path}}</code>
<div class="side before"><span class="tag">{{.leftTag}}</span>{{#.left}}<code>{{.}}</code>{{/.left}}{{^.left}}<span class="absent">not there</span>{{/.left}}</div>
<div class="side after"><span class="tag">{{.rightTag}}</span>{{#.right}}<code>{{.}}</code>{{/.right}}{{^.right}}<span class="absent">not there</span>{{/.right}}</div>
</div>
{{/.fields}}
</div>
{{/.objects}}

"""#),
("report.css", #"""
:root {
  color-scheme: light dark;
  --page: #f7f7f5;
  --card: #ffffff;
  --ink: #1c1f22;
  --quiet: #5a6168;
  --line: #d5d8dc;
  --link: #1d5a9e;
  --ok: #1a6b3a;
  --info: #1d5a9e;
  --warning: #755500;
  --breaking: #9c4200;
  --blocker: #b3261e;
  --sans: -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans",
    "Liberation Sans", Arial, sans-serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono",
    monospace;
}

@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #121417;
    --card: #1a1d21;
    --ink: #e4e7ea;
    --quiet: #a3abb3;
    --line: #363c43;
    --link: #8cbcf5;
    --ok: #7fd49b;
    --info: #8cbcf5;
    --warning: #e3c35f;
    --breaking: #ffae70;
    --blocker: #ff8d83;
  }
}

* { box-sizing: border-box; }
[hidden] { display: none !important; }

body {
  margin: 0;
  background: var(--page);
  color: var(--ink);
  font: 1rem/1.5 var(--sans);
  font-variant-numeric: tabular-nums;
  overflow-wrap: anywhere;
  text-size-adjust: 100%;
}

main, footer { max-width: 68rem; margin: 0 auto; padding: 0 1rem; }
article { margin: 1.5rem 0 3rem; }
h1, h2, h3, p, ul, ol, dl, pre { margin: 0; padding: 0; }
ul, ol { list-style: none; }
h1 { font-size: 1.375rem; line-height: 1.3; font-weight: 600; }
h2 { font-size: 1.125rem; line-height: 1.4; font-weight: 600; }
h3 { font-size: 0.9375rem; font-weight: 600; }
section { margin-top: 2.5rem; }
section > h3 { margin-top: 1.25rem; }
code, pre { font-family: var(--mono); font-size: 0.875em; unicode-bidi: isolate; }
code { white-space: break-spaces; }
em, .absent { color: var(--quiet); font-style: italic; }
a { color: var(--link); text-underline-offset: 0.15em; }
.hint, .note, .by, .count, .tag, .word { color: var(--quiet); font-size: 0.8125rem; }
.count, .word { font-weight: 400; }
.text { unicode-bidi: isolate; }

.hidden {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}

:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
:target { scroll-margin-top: 1rem; }

button {
  flex: none;
  min-height: 2.25rem;
  padding: 0 0.75rem;
  border: 1px solid var(--line);
  border-radius: 4px;
  background: var(--card);
  color: var(--link);
  font: 0.8125rem var(--sans);
  cursor: pointer;
}

/* One colour for each severity and each way a thing can stand. */
[data-tone="ready"], [data-state="done"], [data-mark="same"] { --tone: var(--ok); }
[data-tone="attention"], [data-severity="breaking"], [data-mark="explained"] {
  --tone: var(--breaking);
}
[data-tone="blocked"], [data-severity="blocker"], [data-mark="unexplained"],
[data-state="failed"] { --tone: var(--blocker); }
[data-severity="warning"], [data-severity="unchecked"], [data-state="running"] {
  --tone: var(--warning);
}
[data-tone="foretold"], [data-severity="info"] { --tone: var(--info); }
[data-tone="quiet"], [data-state="skipped"] { --tone: var(--quiet); }
[data-mark="explained"] { --tone: var(--warning); }

.sign, .mark { color: var(--tone); font-weight: 700; }
.badge {
  display: inline-block;
  padding: 0 0.4375rem;
  border: 1px solid currentcolor;
  border-radius: 3px;
  color: var(--tone, var(--quiet));
  font-size: 0.8125rem;
  font-weight: 600;
  white-space: nowrap;
}

/* The verdict, and what to do. */
.verdict {
  padding: 1.25rem 1.25rem 1.25rem 1.5rem;
  border: 1px solid var(--line);
  border-left: 0.5rem solid var(--tone);
  border-radius: 4px;
  background: var(--card);
}
.verdict > p { max-width: 46rem; }
.state {
  margin-bottom: 0.125rem;
  color: var(--tone);
  font-size: 1.125rem;
  font-weight: 700;
  letter-spacing: 0.04em;
}
.state .sign { display: inline-block; min-width: 1.5rem; }
h1 + p { margin-top: 0.375rem; }
.alarm { color: var(--blocker); }
.next, .pressing { margin-top: 1.25rem; }
.next h2, .pressing h2 { font-size: 0.9375rem; }
.command {
  display: flex;
  gap: 0.5rem;
  align-items: flex-start;
  margin-top: 0.375rem;
}
.command pre {
  flex: 1;
  min-width: 0;
  padding: 0.4375rem 0.75rem;
  border: 1px solid var(--line);
  border-radius: 4px;
  background: var(--page);
}
.pressing li {
  margin-top: 0.375rem;
  padding-left: 0.75rem;
  border-left: 3px solid var(--tone);
}
.facts {
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 12rem), 1fr));
  gap: 0.5rem 1.5rem;
  margin-top: 1.25rem;
  padding-top: 0.75rem;
  border-top: 1px solid var(--line);
  font-size: 0.875rem;
}
dt { color: var(--quiet); font-size: 0.8125rem; }
dd { margin: 0; }
nav ul { display: flex; flex-wrap: wrap; gap: 0 1.25rem; margin-top: 0.75rem; font-size: 0.875rem; }
nav a { display: inline-block; padding: 0.375rem 0; }

/* Where every setting goes: before, the value that carries it, after. */
.legend {
  display: flex;
  flex-wrap: wrap;
  gap: 0 1.25rem;
  color: var(--quiet);
  font-size: 0.8125rem;
}
.legend .mark, .flow .mark, th .mark { display: inline-block; width: 1rem; font-family: var(--mono); }
.heads, .flow li {
  display: grid;
  grid-template-columns: minmax(0, 1fr) 4rem minmax(0, 0.8fr) 4rem minmax(0, 1fr);
  align-items: center;
}
.heads span:nth-child(2) { grid-column: 3; text-align: center; }
.heads span:nth-child(3) { grid-column: 5; padding-left: 0.5rem; }
.heads {
  padding: 0.25rem 0;
  color: var(--quiet);
  font-size: 0.8125rem;
}
.flow ~ .heads { display: none; }
.flow { border-top: 1px solid var(--line); }
.flow li { padding: 0.4375rem 0; border-bottom: 1px solid var(--line); }
.end { position: relative; padding-left: 1.125rem; line-height: 1.375; }
.flow li > .end:last-child { padding-left: 0.5rem; }
.end .mark { position: absolute; left: 0; }
.end .name { display: block; font-weight: 600; }
.end .value { font-size: 0.9375rem; }
.end .by::before { content: "· "; }
.home {
  padding: 0.25rem 0.625rem;
  border: 1px solid var(--quiet);
  border-radius: 1rem;
  background: var(--card);
  line-height: 1.375;
  text-align: center;
}
.home[data-carrier="sink"] { border-radius: 2px; border-width: 1px 1px 1px 4px; }
.home[data-carrier="dropped"], .home[data-carrier="nothing"], .home[data-carrier="live"] {
  border-style: dashed;
}
.home .note { display: block; line-height: 1.3; }
.home .note code { font-size: 0.75rem; }
.wire {
  position: relative;
  height: 0;
  margin: 0 0.5rem 0 0.25rem;
  border-top: 2px solid var(--tone);
}
.wire::after {
  content: "";
  position: absolute;
  top: -6px;
  right: -5px;
  border: 5px solid transparent;
  border-left: 8px solid var(--tone);
  border-right: 0;
}
[data-mark="explained"] .wire { border-top-style: dashed; }
[data-mark="unexplained"] .wire { border-top: 6px double var(--tone); }
[data-mark="unexplained"] .wire::after { top: -8px; }
.others { margin-top: 0.75rem; font-size: 0.875rem; }
.others li { padding: 0.125rem 0 0.125rem 1.125rem; }

/* Findings. */
form {
  display: grid;
  gap: 0.5rem;
  margin-top: 0.75rem;
  padding: 0.75rem 1rem;
  border: 1px solid var(--line);
  border-radius: 4px;
  background: var(--card);
}
fieldset { display: flex; flex-wrap: wrap; gap: 0 1rem; min-width: 0; margin: 0; padding: 0; border: 0; }
legend { float: left; width: 6.5rem; padding: 0.375rem 0; color: var(--quiet); font-size: 0.8125rem; }
label { display: inline-flex; gap: 0.375rem; align-items: center; min-height: 2.25rem; font-size: 0.875rem; cursor: pointer; }
input { width: 1.0625rem; height: 1.0625rem; margin: 0; accent-color: var(--link); }
.actions { display: flex; gap: 1rem; align-items: center; justify-content: space-between; font-size: 0.875rem; }
.group { margin-top: 1.25rem; }
.finding {
  margin-top: 0.375rem;
  padding: 0 0.75rem;
  border: 1px solid var(--line);
  border-left: 4px solid var(--tone);
  border-radius: 3px;
  background: var(--card);
}
.finding[data-state="resolved"], .finding[data-state="accepted"] { --tone: var(--quiet); }
summary { padding: 0.4375rem 0; cursor: pointer; }
.finding summary { padding-left: 1.0625rem; text-indent: -1.0625rem; }
.badge { text-indent: 0; }
.finding summary > code { font-weight: 600; }
.finding .body { display: grid; gap: 0.375rem; padding: 0 0 0.625rem 1.0625rem; font-size: 0.9375rem; }
.finding .body p { max-width: 46rem; }
.meaning, .about { color: var(--quiet); font-size: 0.875rem; }
.unchecked > div {
  margin-top: 0.5rem;
  padding: 0.4375rem 0.75rem;
  border: 1px solid var(--line);
  border-left: 4px solid var(--warning);
  border-radius: 3px;
  background: var(--card);
}
.unchecked dt { color: var(--ink); font-weight: 600; font-size: 1rem; }
.unchecked .sign { display: inline-block; width: 1.0625rem; color: var(--warning); }
.unchecked dd { padding-left: 1.0625rem; font-size: 0.9375rem; }

/* Two sides. */
.side { min-width: 0; padding: 0.3125rem 0.625rem; border: 1px solid var(--line); border-radius: 3px; background: var(--card); }
.side .tag { display: block; }
.side code { display: block; }
.side.after { border-left: 4px solid var(--quiet); }
.object { margin-top: 1rem; }
.field { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0.25rem 0.75rem; margin-top: 0.5rem; }
.field .path { grid-column: 1 / -1; color: var(--quiet); }
.sides li {
  display: grid;
  grid-template-columns: minmax(0, 1fr) minmax(6rem, 12rem) minmax(0, 1fr);
  gap: 0.75rem;
  align-items: center;
  margin-top: 0.5rem;
}
.sides .word { text-align: center; color: var(--ink); }
.sides li[data-change="delete"] .word, .sides li[data-change="replace"] .word { color: var(--breaking); font-weight: 600; }

table { width: 100%; margin-top: 0.5rem; border-collapse: collapse; font-size: 0.875rem; }
th, td { padding: 0.4375rem 0.75rem 0.4375rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { color: var(--quiet); font-size: 0.8125rem; font-weight: 400; white-space: nowrap; }
td code, td .note { display: block; }
td .note code { display: inline; }
th[scope="row"] { font-weight: 600; }

.yaml { margin-top: 0.5rem; padding: 0.75rem 1rem; border: 1px solid var(--line); border-radius: 4px; background: var(--card); white-space: pre-wrap; }
.yaml code { font-size: 0.8125rem; }

/* The timeline of a run. */
.timeline { margin-top: 0.5rem; border-top: 1px solid var(--line); }
.timeline li { border-bottom: 1px solid var(--line); }
.turn { padding: 0.375rem 0; border-bottom: 1px solid var(--line); color: var(--breaking); font-weight: 600; font-size: 0.875rem; }
.step {
  display: grid;
  grid-template-columns: 1.25rem 9rem 5rem minmax(0, 1fr);
  gap: 0 0.5rem;
  align-items: center;
  padding: 0.375rem 0;
}
.step .name { font-weight: 600; }
.step .time { text-align: right; font-size: 0.875rem; white-space: nowrap; }
.step .detail { grid-column: 2 / -1; font-size: 0.875rem; color: var(--quiet); unicode-bidi: isolate; }
.bar { display: block; width: 100%; height: 0.625rem; }
.bar .track { fill: var(--line); }
.bar .span { fill: var(--tone); }

footer { padding-bottom: 2rem; color: var(--quiet); font-size: 0.8125rem; }

@media screen and (max-width: 44rem) {
  main, footer { padding: 0 0.75rem; }
  .verdict { padding: 1rem; border-left-width: 0.375rem; }
  .command { flex-wrap: wrap; }
  .command pre { flex-basis: 100%; }
  .heads { display: none; }
  .flow li { grid-template-columns: minmax(0, 1fr); justify-items: start; padding: 0.625rem 0; }
  .flow li > .end:last-child { padding-left: 1.125rem; }
  .home { margin-left: 1.125rem; }
  /* Its sign says how it comes out. */
  .flow [data-mark="same"] .home + .wire, .flow [data-mark="same"] > .end:last-child { display: none; }
  .wire { width: 0; height: 0.875rem; margin: 0.125rem 0 0.375rem 1.75rem; border-top: 0; border-left: 2px solid var(--tone); }
  .wire::after { top: auto; right: auto; bottom: -4px; left: -6px; border: 5px solid transparent; border-top: 8px solid var(--tone); border-bottom: 0; }
  [data-mark="explained"] .wire { border-left-style: dashed; }
  [data-mark="unexplained"] .wire { border-top: 0; border-left: 6px double var(--tone); }
  [data-mark="unexplained"] .wire::after { top: auto; left: -8px; }
  legend { float: none; width: 100%; padding-bottom: 0; }
  .finding .body { padding-left: 0; }
  .field, .sides li { grid-template-columns: minmax(0, 1fr); }
  .sides .word { text-align: left; }
  thead { display: none; }
  table, tbody, tr, th, td { display: block; }
  th, td { border: 0; padding: 0.125rem 0; }
  td { padding-left: 1rem; }
  td::before { content: attr(data-label); display: block; color: var(--quiet); font-size: 0.8125rem; }
  tr { padding: 0.375rem 0; border-bottom: 1px solid var(--line); }
  .step { grid-template-columns: 1.25rem minmax(0, 1fr) auto; }
  .bar { grid-column: 2 / -1; margin: 0.25rem 0; }
}

@media print {
  :root { --page: #ffffff; --line: #9aa0a6; --quiet: #43494f; font-size: 80%; }
  main, footer { max-width: none; padding: 0; }
  article { margin: 0; }
  article + article { break-before: page; }
  nav, form, button { display: none !important; }
  a { color: inherit; text-decoration: none; }
  h2, h3 { break-after: avoid; }
  .flow li, .finding, .field, .sides li, .timeline li, tr, .unchecked > div { break-inside: avoid; }
  details::details-content { display: block; content-visibility: visible; height: auto; }
  .wire, .bar, .badge { print-color-adjust: exact; }
}

@media (forced-colors: active) {
  .bar .span { fill: CanvasText; }
  .wire::after { border-left-color: CanvasText; }
}

"""#),
("report.html", #"""
{{% CONTENT_TYPE: REPORT }}
{{! Whatever comes from a release, a chart or a cluster stands in the content of an element or in a
    double-quoted attribute, by tags with two braces. Only style and script have three: files of ours. }}
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{policy}}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>{{title}}</title>
<style>{{{style}}}</style>
</head>
<body>
<main>
{{#articles}}
<article data-tone="{{.tone}}">
<header class="verdict">
<p class="state"><span class="sign" aria-hidden="true">{{.sign}}</span>{{.state}}</p>
<h1>{{.subject}}</h1>
{{#.alarm}}
<p class="alarm"><strong>{{.}}</strong></p>
{{/.alarm}}
{{#.notes}}
<p>{{.}}</p>
{{/.notes}}
{{#.next}}
<section class="next" aria-labelledby="{{.anchor}}">
<h2 id="{{.anchor}}">Next</h2>
{{#.advice}}
<p>{{.}}</p>
{{/.advice}}
{{#.commands}}
<div class="command"><pre><code>{{.}}</code></pre><button type="button" data-copy hidden>Copy</button></div>
{{/.commands}}
{{#.back}}
<p>Or back:</p>
<div class="command"><pre><code>{{.}}</code></pre><button type="button" data-copy hidden>Copy</button></div>
{{/.back}}
</section>
{{/.next}}
{{#.pressing}}
<section class="pressing" aria-labelledby="{{.anchor}}">
<h2 id="{{.anchor}}">{{.title}}</h2>
<ul>
{{#.entries}}
<li data-severity="{{.severity}}"><span class="badge"><span aria-hidden="true">{{.sign}}</span> {{.word}}</span> <a href="#{{.anchor}}"><code>{{.code}}</code></a> <span class="text">{{.text}}</span></li>
{{/.entries}}
</ul>
</section>
{{/.pressing}}
<dl class="facts">
{{#.facts}}
<div><dt>{{.name}}</dt><dd>{{.text}}</dd></div>
{{/.facts}}
</dl>
</header>
<nav aria-label="Contents">
<ul>
{{#.links}}
<li><a href="#{{.anchor}}">{{.title}}</a></li>
{{/.links}}
</ul>
</nav>
{{#.timeline}}
<section aria-labelledby="{{.anchor}}">
<h2 id="{{.anchor}}">Timeline</h2>
<ol class="timeline">
{{#.steps}}
<li data-state="{{.state}}">
{{#.isBackAgain}}
<p class="turn">and back again:</p>
{{/.isBackAgain}}
<div class="step">
<span class="sign" aria-hidden="true">{{.sign}}</span>
<span class="name">{{.name}} <span class="word">{{.word}}</span></span>
<span class="time">{{#.duration}}{{.}}{{/.duration}}</span>
<svg class="bar" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="track" x="0" y="3.5" width="1000" height="1"/>{{#.bar}}<rect class="span" x="{{.start}}" y="0" width="{{.width}}" height="8"/>{{/.bar}}</svg>
{{#.detail}}
<span class="detail">{{.}}</span>
{{/.detail}}
</div>
</li>
{{/.steps}}
</ol>
<p class="hint">{{.scale}}</p>
</section>
{{/.timeline}}
{{#.differences}}
<section aria-labelledby="{{.anchor}}">
<h2 id="{{.anchor}}">{{.title}}</h2>
<p class="hint">{{.hint}}</p>
{{> objects}}
</section>
{{/.differences}}
{{#.flow}}
<section aria-labelledby="{{.anchor}}">
<h2 id="{{.anchor}}">Where every setting goes</h2>
<ul class="legend">
<li data-mark="same"><span class="mark" aria-hidden="true">=</span> the same afterwards</li>
<li data-mark="explained"><span class="mark" aria-hidden="true">~</span> another text, and a finding says why</li>
<li data-mark="unexplained"><span class="mark" aria-hidden="true">!</span> changes, and nothing explains it</li>
</ul>
{{#.groups}}
<h3>{{.title}} <span class="count">{{.count}}</span></h3>
<div class="heads" aria-hidden="true"><span>Before</span><span>Value of the chart</span><span>After</span></div>
<ol class="flow">
{{#.rows}}
<li data-mark="{{.mark}}">
<div class="end">
<span class="mark" aria-hidden="true">{{.sign}}</span>
<code class="name">{{.name}}</code>
<span class="value">{{#.before}}{{> value}}{{/.before}}</span>
{{#.origin}}
<span class="by">{{.}}</span>
{{/.origin}}
</div>
<span class="wire" aria-hidden="true"></span>
<div class="home" data-carrier="{{.carrier}}">
<span class="hidden">goes to</span>
{{#.path}}
<code>{{.}}</code>
{{/.path}}
{{#.homeNote}}
<span class="note">{{.}}</span>
{{/.homeNote}}
{{#.byDefault}}
<span class="note">default: {{> value}}</span>
{{/.byDefault}}
</div>
<span class="wire" aria-hidden="true"></span>
<div class="end">
<span class="hidden">and comes out as</span>
<code class="name">{{.name}}</code>
<span class="value">{{#.after}}{{> value}}{{/.after}}</span>
<span class="by">{{.outcome}}</span>
</div>
</li>
{{/.rows}}
</ol>
{{/.groups}}
{{#.others}}
<details class="others">
<summary>{{.title}}</summary>
<ul>
{{#.rows}}
<li><code class="name">{{.name}}</code> <span class="value">{{#.after}}{{> value}}{{/.after}}</span></li>
{{/.rows}}
</ul>
</details>
{{/.others}}
</section>
{{/.flow}}
{{#.findings}}
<section aria-labelledby="{{.anchor}}" data-findings>
<h2 id="{{.anchor}}">Findings</h2>
<form hidden autocomplete="off">
{{#.filters}}
<fieldset>
<legend>{{.title}}</legend>
{{#.choices}}
<label><input type="checkbox" name="{{.filter}}" value="{{.value}}" checked> {{.word}} <span class="count">{{.count}}</span></label>
{{/.choices}}
</fieldset>
{{/.filters}}
<div class="actions"><p role="status"></p><button type="reset">Show all</button></div>
</form>
{{#.groups}}
<div class="group">
<h3>{{.title}} <span class="count">{{.count}}</span></h3>
{{#.findings}}
<details class="finding" id="{{.anchor}}" data-severity="{{.severity}}" data-dimension="{{.dimension}}" data-state="{{.state}}"{{#.isOpen}} open{{/.isOpen}}>
<summary><span class="badge"><span aria-hidden="true">{{.sign}}</span> {{.word}}</span> <code>{{.code}}</code> <span class="text">{{.message}}</span></summary>
<div class="body">
{{#.remedy}}
<p class="remedy"><span aria-hidden="true">→</span> {{.}}</p>
{{/.remedy}}
{{#.acceptedBy}}
<p>Accepted by <code>{{.}}</code>.</p>
{{/.acceptedBy}}
{{#.sides}}
<p class="values"><span class="tag">before</span> {{#.before}}{{> value}}{{/.before}} <span class="tag">after</span> {{#.after}}{{> value}}{{/.after}}</p>
{{/.sides}}
{{#.meaning}}
<p class="meaning">{{#.pieces}}{{#.code}}<code>{{.}}</code>{{/.code}}{{#.text}}{{.}}{{/.text}}{{/.pieces}}</p>
{{/.meaning}}
<p class="about"><code>{{.subject}}</code> · more: <code>backbone-migrate explain {{.code}}</code></p>
</div>
</details>
{{/.findings}}
</div>
{{/.groups}}
</section>
{{/.findings}}
{{#.unchecked}}
<section aria-labelledby="{{.anchor}}">
<h2 id="{{.anchor}}">Not judged</h2>
<p class="hint">What could not be read or asked, and what that may hide. Look at these yourself.</p>
<dl class="unchecked">
{{#.entries}}
<div id="{{.anchor}}"><dt><span class="sign" aria-hidden="true">?</span><code>{{.code}}</code></dt><dd>{{.reason}}</dd></div>
{{/.entries}}
</dl>
</section>
{{/.unchecked}}
{{#.network}}
<section aria-labelledby="{{.anchor}}">
<h2 id="{{.anchor}}">Network</h2>
<p class="hint">How clients reach each listener of the broker.</p>
<table>
<thead><tr><th scope="col">Setting</th><th scope="col">Before</th><th scope="col">After</th><th scope="col">The chart’s default</th></tr></thead>
<tbody>
{{#.rows}}
<tr data-mark="{{.mark}}">
<th scope="row"><span class="mark" aria-hidden="true">{{.sign}}</span><code>{{.name}}</code></th>
<td data-label="Before">{{#.before}}<code>{{.}}</code>{{/.before}}{{^.before}}<span class="absent">none</span>{{/.before}}</td>
<td data-label="After">{{#.after}}<code>{{.}}</code>{{/.after}}{{^.after}}<span class="absent">none</span>{{/.after}}{{#.path}}<span class="note">by <code>{{.}}</code></span>{{/.path}}</td>
<td data-label="The chart’s default">{{#.byDefault}}<code>{{.}}</code>{{/.byDefault}}{{^.byDefault}}<span class="absent">none</span>{{/.byDefault}}</td>
</tr>
{{/.rows}}
</tbody>
</table>
</section>
{{/.network}}
{{#.objects}}
<section aria-labelledby="{{.anchor}}">
<h2 id="{{.anchor}}">Objects</h2>
{{#.hint}}
<p class="hint">{{.}}</p>
{{/.hint}}
<ul class="sides">
{{#.rows}}
<li data-change="{{.kind}}">
<div class="side before"><span class="tag">before</span>{{#.before}}<code>{{.}}</code>{{/.before}}{{^.before}}<span class="absent">not there</span>{{/.before}}</div>
<span class="word">{{.change}}</span>
<div class="side after"><span class="tag">after</span>{{#.after}}<code>{{.}}</code>{{/.after}}{{^.after}}<span class="absent">not there</span>{{/.after}}</div>
</li>
{{/.rows}}
</ul>
</section>
{{/.objects}}
{{#.changes}}
<section aria-labelledby="{{.anchor}}">
<h2 id="{{.anchor}}">{{.title}}</h2>
<p class="hint">{{.hint}}</p>
{{> objects}}
</section>
{{/.changes}}
{{#.values}}
<section aria-labelledby="{{.anchor}}">
<h2 id="{{.anchor}}">Values</h2>
{{#.hint}}
<p class="hint">{{.}}</p>
{{/.hint}}
<pre class="yaml"><code>{{#.lines}}{{.}}
{{/.lines}}</code></pre>
</section>
{{/.values}}
</article>
{{/articles}}
{{^articles}}
<article data-tone="quiet">
<header class="verdict"><p class="state">NOTHING YET</p><h1>{{title}}</h1></header>
</article>
{{/articles}}
</main>
<footer><p>{{maker}}</p></footer>
<script>{{{script}}}</script>
</body>
</html>

"""#),
("report.js", #"""
'use strict';

// Filters: a finding is shown when its severity, its dimension and its state are all ticked.
for (const section of document.querySelectorAll('[data-findings]')) {
  const form = section.querySelector('form');
  const status = form.querySelector('[role="status"]');
  const findings = [...section.querySelectorAll('.finding')];
  const ticked = (name) =>
    new Set(
      [...form.elements].filter((input) => input.name === name && input.checked)
        .map((input) => input.value));

  const filter = () => {
    const chosen = ['severity', 'dimension', 'state'].map((name) => [name, ticked(name)]);
    for (const finding of findings) {
      finding.hidden = !chosen.every(([name, values]) => values.has(finding.dataset[name]));
    }
    for (const group of section.querySelectorAll('.group')) {
      group.hidden = group.querySelector('.finding:not([hidden])') === null;
    }
    const shown = findings.filter((finding) => !finding.hidden).length;
    status.textContent = `${shown} of ${findings.length} shown`;
  };

  form.addEventListener('input', filter);
  // The boxes are reset after this event.
  form.addEventListener('reset', () => setTimeout(filter));
  form.addEventListener('submit', (event) => event.preventDefault());
  form.hidden = false;
  filter();
}

// Whoever follows a link to a finding wants to see it.
const reveal = () => {
  const target = document.getElementById(location.hash.slice(1));
  if (!target?.matches('.finding')) return;
  if (target.hidden) target.closest('section').querySelector('form').reset();
  target.open = true;
};
addEventListener('hashchange', reveal);
reveal();

for (const button of document.querySelectorAll('[data-copy]')) {
  const command = button.previousElementSibling;
  button.hidden = false;
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(command.textContent);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(command);
      button.textContent = 'Selected';
    }
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  });
}

// On paper nothing can be opened.
let closed = [];
addEventListener('beforeprint', () => {
  closed = [...document.querySelectorAll('details:not([open])')];
  for (const details of closed) details.open = true;
});
addEventListener('afterprint', () => {
  for (const details of closed) details.open = false;
});

"""#),
("value.html", #"""
{{% CONTENT_TYPE: REPORT }}
{{#.isAbsent}}<span class="absent">not set</span>{{/.isAbsent}}{{#.isRedacted}}<em>redacted</em>{{/.isRedacted}}{{#.text}}<code>{{.}}</code>{{/.text}}

"""#),
  ]
}
