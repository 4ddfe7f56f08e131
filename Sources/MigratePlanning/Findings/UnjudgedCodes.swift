/// The code of a side that is compared and not judged yet, with its page.
///
/// When a rule judges the side, its doc comment takes the page over, and the code leaves this file.
package struct UnjudgedCode: Hashable, Sendable {
  package let rawValue: String
  package let dimension: Dimension

  private init(_ rawValue: String, _ dimension: Dimension) {
    self.rawValue = rawValue
    self.dimension = dimension
  }

  /// A Service appears, goes, or leads elsewhere.
  ///
  /// Meaning: clients find the broker by a Service's name, address and port. Where one of these
  /// changes, they lose it, although the broker itself is well. The plan lists every Service before
  /// and after, with its type, its ports and the container's port behind each.
  ///
  /// Why: chart 0.1.0 has Services of its own making, often one for everything; chart 0.2.0 has
  /// two, one for HTTP and one for MQTT, the latter with `-tcp` at the end of its name. A Service
  /// that was turned into a LoadBalancer by hand becomes a ClusterIP again.
  ///
  /// Resolve: compare with what clients use, and keep that through `service.http` and
  /// `service.tcp`: their name, type, port, nodePort and extraPorts. Type and both ports in one
  /// Service, for example:
  ///
  ///     backbone-migrate plan web --set service.http.type=LoadBalancer \
  ///       --set service.tcp.enabled=false --set \
  ///       'service.http.extraPorts=[{name: mqtt, port: 1883, targetPort: mqtt}]'
  package static let servicePortMoved = UnjudgedCode("service-port-moved", .network)

  /// The security context of the Pod or its container changes.
  ///
  /// Meaning: by default the target chart runs the broker as user 1000 and refuses an image that
  /// runs as root. A broker that ran as root may find files in /data that it cannot write, or a
  /// port below 1024 that it may not open, or it does not start (`container has runAsNonRoot and
  /// image will run as root`).
  ///
  /// Why: chart 0.1.0 set no security context, so the image decided. Chart 0.2.0 restricts it.
  ///
  /// Resolve: see as whom the broker runs now, and whose its files are. User 1000, or a broker that
  /// needs neither root nor old files, is fine as planned. Otherwise leave the security context as
  /// it was, and tighten it in a step of its own:
  ///
  ///     kubectl exec deployment/web --namespace mqtt -- id
  ///     kubectl exec deployment/web --namespace mqtt -- ls -ln /data
  ///     backbone-migrate plan web --set securityContext=null
  ///
  /// Source: the design of chart 0.2.0, "Security context defaults".
  package static let runsAsNonRoot = UnjudgedCode("runs-as-non-root", .security)

  /// Kubernetes begins to check the broker's health, or checks it otherwise.
  ///
  /// Meaning: a broker that does not pass its readiness probe gets no traffic; one that does not
  /// pass its liveness probe is restarted, again and again. A probe that asks for something this
  /// broker does not have takes a healthy broker down.
  ///
  /// Why: chart 0.1.0 had no probes. Chart 0.2.0 asks `/health` on the HTTP port when the API is
  /// on, else opens a connection to the MQTT port, else to the HTTP port.
  ///
  /// Resolve: try what the probe will try, here `/health` on port 8883. If the broker does not
  /// answer, or is slow to start, leave the probes off and switch them on later:
  ///
  ///     kubectl port-forward deployment/web 8883 --namespace mqtt
  ///     curl --include http://localhost:8883/health
  ///     backbone-migrate plan web --set livenessProbe.enabled=false \
  ///       --set readinessProbe.enabled=false
  ///
  /// Source: the design of chart 0.2.0, "Probe configuration".
  package static let probeIntroduced = UnjudgedCode("probe-introduced", .health)

  /// The number of Pods changes.
  ///
  /// Meaning: the target chart runs one broker. Whoever scaled the Deployment gets fewer or more
  /// than before, at once.
  ///
  /// Why: somebody, or a HorizontalPodAutoscaler, scaled the Deployment after helm. Chart 0.2.0
  /// says one, since the broker keeps its state to itself.
  ///
  /// Resolve: several brokers do not share sessions, so one may be what you want. To keep the
  /// number:
  ///
  ///     backbone-migrate plan web --set replicaCount=2
  ///
  /// Source: the design of chart 0.2.0, "Non-Goals".
  package static let replicasChanged = UnjudgedCode("replicas-changed", .scheduling)

  /// What decides on which node the broker runs changes.
  ///
  /// Meaning: without its node selector, tolerations, affinity or priority, the new Pod may land on
  /// a node where it does not belong, or on none at all. With a volume that is tied to a node it
  /// then waits for ever.
  ///
  /// Why: it was added by hand. The plan does not carry it yet, and the target chart's default has
  /// none.
  ///
  /// Resolve: give what the live Deployment has; lists and maps are written in one line:
  ///
  ///     kubectl get deployment web --namespace mqtt \
  ///       --output jsonpath={.spec.template.spec.nodeSelector}
  ///     backbone-migrate plan web --set 'nodeSelector={disk: ssd}'
  package static let schedulingLost = UnjudgedCode("scheduling-lost", .scheduling)

  /// The broker's requests and limits change.
  ///
  /// Meaning: without requests the new Pod may share a crowded node and be the first to be evicted;
  /// without a limit it may take the node's memory. In a namespace with a quota it may not start at
  /// all.
  ///
  /// Why: they were added by hand. The plan does not carry them yet, and the target chart's default
  /// has none.
  ///
  /// Resolve: give what the live Deployment has:
  ///
  ///     backbone-migrate plan web \
  ///       --set 'resources={requests: {memory: 128Mi}, limits: {memory: 512Mi}}'
  package static let resourcesLost = UnjudgedCode("resources-lost", .scheduling)

  /// The Pod's credentials for the image registry change.
  ///
  /// Meaning: the broker starts where the image is there already, and fails with `ImagePullBackOff`
  /// where it is not: on another node, perhaps months later.
  ///
  /// Why: they were added by hand. The plan does not carry them yet, and the target chart's default
  /// has none. Those of the ServiceAccount stay with it.
  ///
  /// Resolve: give what the live Deployment has:
  ///
  ///     backbone-migrate plan web \
  ///       --set 'imagePullSecrets=[{name: registry-credentials}]'
  package static let imagePullSecretsLost = UnjudgedCode("image-pull-secrets-lost", .scheduling)

  /// The Pod's other containers, or what the broker's container runs, change.
  ///
  /// Meaning: a sidecar or an init container is gone after the upgrade, and what it did with it:
  /// logs, certificates, a proxy. Or the broker starts with another command or other arguments.
  ///
  /// Why: it was added by hand, or by something that changes Deployments in the cluster. The plan
  /// does not carry it yet, and the target chart's default has none.
  ///
  /// Resolve: the chart takes sidecars as `extraContainers`, and `command` and `args`. It has no
  /// place for init containers, by design:
  ///
  ///     backbone-migrate plan web --set 'args=["--verbose"]'
  ///
  /// Source: the design of chart 0.2.0, "Open Questions".
  package static let containerLost = UnjudgedCode("container-lost", .scheduling)

  /// Every code, by dimension.
  package static let all: [UnjudgedCode] = [
    .servicePortMoved, .runsAsNonRoot, .probeIntroduced, .replicasChanged, .schedulingLost,
    .resourcesLost, .imagePullSecretsLost, .containerLost,
  ]
}
