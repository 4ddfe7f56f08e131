import MigratePlanning
import Testing

@testable import PlanSamples

@Suite struct OwnershipFindingTests {
  private static let deployment = ObjectReference(
    kind: "Deployment", name: "web", namespace: "mqtt")

  /// A NetworkPolicy of the release.
  private static func policy(_ annotations: JSON) -> JSON {
    [
      "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
      "metadata": ["name": "web", "annotations": annotations],
    ]
  }

  private static func role(_ annotations: JSON, managedBy: String = "Helm") -> ServerAnswers {
    .nothingAmiss(
      existing: Objects([
        [
          "kind": "Role",
          "metadata": [
            "name": "web", "annotations": annotations,
            "labels": ["app.kubernetes.io/managed-by": .string(managedBy)],
          ],
        ]
      ]))
  }

  private static func managed(
    _ fields: JSON, by manager: String = "kubectl-patch"
  ) -> (inout FindingCase) -> Void {
    {
      $0.release.metadata["managedFields"] = [
        ["manager": .string(manager), "fieldsV1": fields]
      ]
    }
  }

  private static func object(
    _ kind: String, of version: String, in namespace: String = "mqtt"
  ) -> JSON {
    [
      "apiVersion": .string(version), "kind": .string(kind),
      "metadata": ["name": "web", "namespace": .string(namespace)],
    ]
  }

  static func cases() throws -> [FindingCase] {
    try [
      .due(.rolloutUnfinished, "held still", .blocker, "Deployment \"web\" is paused, by a run") {
        $0.release.spec["paused"] = true
      },
      .due(.rolloutUnfinished, "given up", .warning, "did not come up with the Pod template") {

        $0.release.workloadStatus = [
          "observedGeneration": 9, "replicas": 2, "updatedReplicas": 1, "availableReplicas": 1,
          "conditions": [
            [
              "type": "Progressing", "status": "False",
              "message": "ReplicaSet \"web-1\" has timed out",
            ]
          ],
        ]
      },
      .nearMiss(.rolloutUnfinished, "it rolls out") {
        $0.release.workloadStatus = [
          "observedGeneration": 9, "replicas": 2, "updatedReplicas": 1, "availableReplicas": 1,
        ]
      },
      .due(.workloadRenamed, "by default", .breaking, "\"web\" is kept") { $0.isResolved = true },
      .due(.workloadRenamed, "in a chart that cannot keep it", .breaking, "\"web\" is replaced") {
        $0.chart = .foreign
      },
      .due(.workloadRenamed, "the container", .breaking, "\"broker\" is kept") {
        $0.release.containerName = "broker"
        $0.isResolved = true
        $0.count = 2
      },
      .nearMiss(.workloadRenamed, "the same name") {
        $0.release.name = "web-backbone"
        $0.release.deploymentName = "web-backbone"
      },
      .due(.selectorImmutable, "other labels", .breaking, "{\"app\":\"web\"} is kept") {
        $0.isResolved = true
      },
      .due(.selectorImmutable, "in a chart that cannot keep them", .breaking, "Kubernetes refuses")
      {
        $0.chart = .foreign
        $0.release.name = "web-backbone"
        $0.release.deploymentName = "web-backbone"
      },
      .due(
        .selectorImmutable, "expressions beside labels that are the same", .breaking,
        "matchExpressions\":[{\"key\":\"tier\",\"operator\":\"Exists\"}]"
      ) {
        $0.release.spec["selector"] = [
          "matchLabels": $0.release.selector,
          "matchExpressions": [["key": "tier", "operator": "Exists"]],
        ]
      },
      .due(
        .selectorImmutable, "expressions alone", .breaking,
        "the Deployment is deleted with its Pods"
      ) {
        $0.release.spec["selector"] = [
          "matchExpressions": [["key": "app", "operator": "In", "values": ["web"]]]
        ]
      },
      .nearMiss(.selectorImmutable, "no expressions") {
        $0.release.selector = [
          "app.kubernetes.io/name": "backbone", "app.kubernetes.io/instance": "web",
        ]
        $0.release.spec["selector"] = [
          "matchLabels": $0.release.selector, "matchExpressions": [],
        ]
      },
      .nearMiss(.selectorImmutable, "a Deployment of another name") { $0.chart = .foreign },
      .nearMiss(.selectorImmutable, "the same labels") {
        $0.release.selector = [
          "app.kubernetes.io/name": "backbone", "app.kubernetes.io/instance": "web",
        ]
      },
      .due(.releasePending, "an upgrade", .blocker, "\"web\" is pending-upgrade") {
        $0.release.status = "pending-upgrade"
      },
      .due(.releasePending, "an uninstallation", .blocker, "\"web\" is uninstalling") {
        $0.release.status = "uninstalling"
      },
      .nearMiss(.releasePending, "deployed"),
      .nearMiss(.releasePending, "failed") { $0.release.status = "failed" },
      .due(.releaseFailed, "the last revision", .warning, "revision 3 of release \"web\" failed") {
        $0.release.status = "failed"
      },
      .nearMiss(.releaseFailed, "pending") { $0.release.status = "pending-upgrade" },
      .due(.recipeNotApplicable, "done", .blocker, "already runs chart backbone 0.2.0") {
        $0.release.chartVersion = "0.2.0"
      },
      .due(.recipeNotApplicable, "another chart", .blocker, "runs chart nginx 0.1.0; recipe") {
        $0.release.chartName = "nginx"
      },
      .nearMiss(.recipeNotApplicable, "where it starts"),
      .due(.chartIsDependency, "of an umbrella", .blocker, "is a dependency of chart umbrella") {
        $0.release.chartName = "umbrella"
        $0.release.templates = ["umbrella/charts/backbone/templates/deployment.yaml"]
      },
      .due(
        .chartIsDependency, "under another name", .blocker,
        "chart backbone is a dependency of chart umbrella under the name mqtt, to which"
      ) {
        $0.release.chartName = "umbrella"
        $0.release.templates = ["umbrella/charts/mqtt/templates/deployment.yaml"]
        $0.release.aliases = [
          ChartAlias(alias: "cache", name: "redis", version: "0.1.0"),
          ChartAlias(alias: "mqtt", name: "backbone", version: "0.1.0"),
        ]
      },
      .due(
        .chartIsDependency, "under another name, told by its version", .blocker,
        "under the name mqtt, to which"
      ) {
        $0.release.chartName = "umbrella"
        $0.release.templates = ["umbrella/charts/mqtt/templates/deployment.yaml"]
        $0.release.aliases = [ChartAlias(alias: "mqtt", name: nil, version: "~0.1.0")]
      },
      .nearMiss(.chartIsDependency, "another chart under another name") {
        $0.release.chartName = "umbrella"
        $0.release.templates = ["umbrella/charts/cache/templates/deployment.yaml"]
        $0.release.aliases = [ChartAlias(alias: "cache", name: "redis", version: "0.1.0")]
      },
      .nearMiss(.chartIsDependency, "a dependency of the broker's chart") {
        $0.release.templates = ["backbone/charts/redis/templates/deployment.yaml"]
      },
      .nearMiss(.recipeNotApplicable, "of an umbrella") {
        $0.release.chartName = "umbrella"
        $0.release.templates = ["umbrella/charts/backbone/templates/deployment.yaml"]
      },

      .due(
        .drift, "a variable", .info, "a variable was changed on the live Deployment after helm: TZ"
      ) {
        $0.release.env = [.variable("TZ", "UTC")]
        $0.release.declaredEnv = []
        $0.isResolved = true
      },
      .due(.drift, "several variables", .info, "3 variables were changed") {
        $0.release.env = [.variable("TZ", "UTC"), .variable("A", "1"), .variable("SAME", "x")]
        $0.release.declaredEnv = [
          .variable("A", "0"), .variable("GONE", "x"), .variable("SAME", "x"),
        ]
        $0.isResolved = true
      },
      .due(
        .drift, "another field", .warning, "metadata.finalizers (kubectl-patch)"
      ) {
        managed(["f:metadata": ["f:finalizers": [:]]])(&$0)
      },
      .nearMiss(.drift, "the variables that helm made") {
        $0.release.env = [.variable("TZ", "UTC")]
      },
      .nearMiss(
        .drift, "helm itself", change: managed(["f:spec": ["f:replicas": [:]]], by: "helm")),
      .nearMiss(.drift, "a field that is judged") {
        managed([
          "f:spec": [
            "f:template": [
              "f:spec": ["f:containers": ["k:{\"name\":\"backbone\"}": ["f:image": [:]]]]
            ]
          ]
        ])(&$0)
      },

      .due(.fieldConflict, "with somebody", .blocker, ".spec.replicas of Deployment/web belongs to")
      {
        $0.answers.conflicts = [
          ServerAnswers.FieldConflict(object: deployment, manager: "vpa", field: ".spec.replicas")
        ]
      },
      .due(.fieldConflict, "over what is carried", .warning, "belongs to \"kubectl-edit\"") {
        $0.answers.conflicts = [
          ServerAnswers.FieldConflict(
            object: deployment, manager: "kubectl-edit", field: ".spec.replicas")
        ]
        $0.isResolved = true
      },
      .due(
        .fieldConflict, "over something else", .blocker, ".metadata.labels.team of Deployment/web"
      ) {
        $0.answers.conflicts = [
          ServerAnswers.FieldConflict(
            object: deployment, manager: "kubectl-label", field: ".metadata.labels.team")
        ]
      },
      .due(
        .fieldConflict, "over a variable that is carried", .warning, "belongs to \"kubectl-set\""
      ) {
        $0.release.env = [.variable("HTTP_PORT", "9000")]
        $0.answers.conflicts = [
          ServerAnswers.FieldConflict(
            object: deployment, manager: "kubectl-set",
            field: ".spec.template.spec.containers[name=\"backbone\"].env[name=\"HTTP_PORT\"].value"
          )
        ]
        $0.isResolved = true
      },
      .nearMiss(.fieldConflict, "none"),
      .due(.objectUnowned, "of nobody", .blocker, "Role/web exists and belongs to no release") {
        $0.answers = role([:])
      },
      .due(
        .objectUnowned, "of another release", .blocker, "belongs to release \"web\" in namespace"
      ) {
        $0.answers = role([
          "meta.helm.sh/release-name": "web", "meta.helm.sh/release-namespace": "other",
        ])
      },
      .due(.objectUnowned, "that helm did not make", .blocker, "so helm would refuse") {
        $0.answers = role(
          ["meta.helm.sh/release-name": "web", "meta.helm.sh/release-namespace": "mqtt"],
          managedBy: "kubectl")
      },
      .due(.objectUnowned, "that the plan does without", .blocker, "the plan does not create it") {
        $0.answers.avoided = role([:]).existing
        $0.isResolved = true
      },
      .nearMiss(.objectUnowned, "the release's own, that the plan does without") {
        $0.answers.avoided =
          role([
            "meta.helm.sh/release-name": "web", "meta.helm.sh/release-namespace": "mqtt",
          ]).existing
      },
      .nearMiss(.objectUnowned, "the release's own") {
        $0.answers = role([
          "meta.helm.sh/release-name": "web", "meta.helm.sh/release-namespace": "mqtt",
        ])
      },
      .due(.serverRejects, "a quota", .blocker, "the API server refuses Deployment/web: no quota") {
        $0.answers.rejections = [ServerAnswers.Rejection(object: deployment, reason: "no quota")]
      },
      .due(.serverRejects, "a Job", .blocker, "field is immutable") {
        $0.answers.rejections = [
          ServerAnswers.Rejection(
            object: ObjectReference(kind: "Job", name: "web-init", namespace: "mqtt"),
            reason: "field is immutable")
        ]
      },
      .nearMiss(.serverRejects, "nothing"),
      .nearMiss(.serverRejects, "a kind that is not served") {
        $0.answers.rejections = [
          ServerAnswers.Rejection(object: deployment, reason: "no kind", unservedVersion: "a/v1")
        ]
      },
      .due(
        .noWayBack, "a policy", .breaking,
        "there would be no way back: the API server refuses Deployment/web as it is now: no team"
      ) {
        $0.answers.wayBack = [ServerAnswers.Rejection(object: deployment, reason: "no team")]
      },
      .nearMiss(.noWayBack, "all are taken") {
        $0.answers.backAgain = [deployment: ["kind": "Deployment"]]
      },
      .due(
        .kindNotServed, "an old version in the manifest", .blocker,
        "Ingress/web stands in the release's manifest as \"networking.k8s.io/v1beta1\""
      ) {
        $0.release.unserved = [object("Ingress", of: "networking.k8s.io/v1beta1")]
      },
      .due(
        .kindNotServed, "a custom resource", .blocker,
        "Certificate/web stands in the release's manifest as \"cert-manager.io/v1\""
      ) {
        $0.release.unserved = [object("Certificate", of: "cert-manager.io/v1")]
      },
      .due(
        .kindNotServed, "an object that the target renders", .blocker,
        "Gadget/web is rendered by chart 0.2.0 as \"example.org/v1\""
      ) {
        $0.answers.rejections = [
          ServerAnswers.Rejection(
            object: ObjectReference(kind: "Gadget", name: "web", namespace: "mqtt"),
            reason: "no kind", unservedVersion: "example.org/v1")
        ]
      },
      .nearMiss(.kindNotServed, "an object that the server refuses") {
        $0.answers.rejections = [ServerAnswers.Rejection(object: deployment, reason: "no quota")]
      },
      .due(.chartAsksCluster, "lookup", .info, "chart 0.2.0 asks the cluster") {
        $0.chart.questions.asksCluster = true
        $0.isResolved = true
      },
      .nearMiss(.chartAsksCluster, "the version alone") { $0.chart.questions.asksVersion = true },
      .nearMiss(.chartAsksCluster, "not judged") {
        $0.chart.questions.asksCluster = true
        $0.release.hidden = [ChartAsksCluster.unchecked($0.chart.target, because: "a file")]
      },
      .due(
        .workloadElsewhere, "the release's", .blocker,
        "Deployment/web is in namespace \"other\", and the release in \"mqtt\""
      ) {
        $0.release.metadata["namespace"] = "other"
      },
      .due(
        .workloadElsewhere, "the target's", .blocker,
        "Deployment/web would be in namespace \"other\""
      ) {
        $0.chart.defect = { object in
          object["kind"] == "Deployment"
            ? object.replacing(["metadata", "namespace"], with: "other") : object
        }
      },
      .nearMiss(.workloadElsewhere, "another object") {
        $0.release.moreObjects = [
          object("ConfigMap", of: "v1", in: "other"), object("Service", of: "v1", in: "other"),
        ]
      },
      .due(
        .serviceRemoved, "not one of another namespace, which finds none of the Pods", .breaking,
        "\"web\" stays"
      ) {
        $0.release.moreObjects = [object("Service", of: "v1", in: "other")]
        $0.isResolved = true
      },

      .due(
        .fieldChanged, "the address of a port on the node", .breaking,
        "spec.template.spec.containers[backbone].ports[http].hostIP of Deployment/web"
      ) {
        $0.release.container["ports"] = [
          [
            "name": "http", "containerPort": 8883, "protocol": "TCP", "hostIP": "10.0.0.1",
          ], ["name": "mqtt", "containerPort": 1883, "protocol": "TCP"],
        ]
      },
      .due(
        .fieldChanged, "a field of a Service that no chart has", .breaking,
        "spec.trafficDistribution of Service/web is not set any more"
      ) {
        $0.release.services = [$0.release.service(spec: ["trafficDistribution": "PreferClose"])]
      },
      .due(
        .changedByAdmission, "a field that nobody sends", .breaking,
        "spec.trafficDistribution of Service/web is set: something in the cluster changes it as it "
          + "is written, perhaps MutatingWebhookConfiguration/near"
      ) {
        let service = $0.release.service()
        $0.answers.predicted = [
          ObjectReference(kind: "Service", name: "web", namespace: "mqtt"):
            service.replacing(["spec", "trafficDistribution"], with: "PreferClose")
        ]
        $0.answers.mutators = ["MutatingWebhookConfiguration/near"]
      },
      .due(
        .changedByAdmission, "only on the way back", .warning,
        "a rollback would bring spec.trafficDistribution of Service/web back otherwise"
      ) {
        let service = $0.release.service()
        $0.answers.backAgain = [
          ObjectReference(kind: "Service", name: "web", namespace: "mqtt"):
            service.replacing(["spec", "trafficDistribution"], with: "PreferClose")
        ]
      },
      .nearMiss(.changedByAdmission, "what Kubernetes fills in") {
        let service = $0.release.service()
        $0.answers.predicted = [
          ObjectReference(kind: "Service", name: "web", namespace: "mqtt"):
            service.replacing(["spec", "internalTrafficPolicy"], with: "Cluster")
        ]
      },
      .due(.fieldChanged, "adopted", .breaking, "spec.trafficDistribution") {
        $0.release.services = [$0.release.service(spec: ["trafficDistribution": "PreferClose"])]
        $0.choices.adopt = ["field-changed"]
        $0.acceptedBy = "--adopt field-changed"
      },
      .nearMiss(.fieldChanged, "what Kubernetes writes out, and who keeps the object") {
        $0.release.metadata["annotations"] = [
          "deployment.kubernetes.io/revision": "4", "kubernetes.io/change-cause": "kubectl set env",
          "meta.helm.sh/release-name": "web",
        ]
        $0.release.spec["strategy"] = [
          "type": "RollingUpdate", "rollingUpdate": ["maxSurge": "25%", "maxUnavailable": "25%"],
        ]
        $0.release.spec["revisionHistoryLimit"] = 10
        $0.release.spec["progressDeadlineSeconds"] = 600
        $0.release.pod["serviceAccount"] = "web"
        $0.release.pod["securityContext"] = [:]
        $0.release.container["resources"] = [:]
      },
      .due(.podSettingsLost, "of the Deployment itself", .breaking, "kept: deploymentAnnotations") {
        $0.release.metadata["annotations"] = ["reloader.stakater.com/auto": "true"]
        $0.isResolved = true
      },
      .nearMiss(.podSettingsLost, "added by hand, where helm's merge leaves it") {
        $0.release.metadata["annotations"] = ["reloader.stakater.com/auto": "true"]
        $0.chart = .bare
      },

      .due(.objectRemoved, "a policy", .breaking, "NetworkPolicy/web goes: who may connect") {
        $0.release.moreObjects = [policy([:])]
      },
      .due(
        .objectRemoved, "another one's", .breaking, "although it is marked as release \"other\"'s"
      ) {
        $0.release.moreObjects = [policy(["meta.helm.sh/release-name": "other"])]
      },
      .due(.objectRemoved, "a kind that nobody knows", .breaking, "Lamp/web goes") {
        $0.release.moreObjects = [["kind": "Lamp", "metadata": ["name": "web"]]]
      },
      .due(.objectRemoved, "credentials for the image", .blocker, "Deployment/web uses it") {
        $0.release.pod["imagePullSecrets"] = [["name": "web-pull"]]
        $0.release.moreObjects = [["kind": "Secret", "metadata": ["name": "web-pull"]]]
      },
      .due(.objectRemoved, "adopted", .breaking, "NetworkPolicy/web goes") {
        $0.release.moreObjects = [policy([:])]
        $0.choices.adopt = ["object-removed"]
        $0.acceptedBy = "--adopt object-removed"
      },
      .nearMiss(.objectRemoved, "kept") {
        $0.release.moreObjects = [policy(["helm.sh/resource-policy": "keep"])]
      },

      .due(.managedByGitOps, "Flux by its label", .blocker, "Flux manages release \"web\"") {
        $0.release.metadata["labels"] = ["helm.toolkit.fluxcd.io/name": "web"]
      },
      .due(.managedByGitOps, "Argo CD by its annotation", .blocker, "Argo CD manages") {
        $0.release.metadata["annotations"] = ["argocd.argoproj.io/tracking-id": "x"]
      },
      .due(.managedByGitOps, "Argo CD by its field manager", .blocker, "Argo CD manages") {
        managed(["f:metadata": [:]], by: "argocd-controller")(&$0)
      },
      .nearMiss(.drift, "Argo CD's own fields") {
        managed(["f:metadata": ["f:labels": ["f:app": [:]]]], by: "argocd-controller")(&$0)
      },
      .nearMiss(.managedByGitOps, "a label of Argo Rollouts") {
        $0.release.metadata["labels"] = ["rollouts.argoproj.io/name": "web"]
      },
      .due(.historyPruned, "the way back is gone", .breaking, "helm has no revision 3 any more") {
        $0.release.revisions = [1, 2]
      },
      .due(.historyPruned, "ten revisions", .warning, "alone removes revision 1") {
        $0.release.revision = 10
        $0.release.revisions = Array(1...10)
      },
      .nearMiss(.historyPruned, "nine revisions") {
        $0.release.revision = 9
        $0.release.revisions = Array(1...9)
      },
      .nearMiss(.historyPruned, "not known"),
      .due(.releaseTooLarge, "almost full", .breaking, "takes 1000000 bytes now") {
        $0.release.storedBytes = 1_000_000
      },
      .nearMiss(.releaseTooLarge, "half full") { $0.release.storedBytes = 500_000 },
      .nearMiss(.releaseTooLarge, "not known"),
      .due(.sourceValuesStale, "values from a file", .warning, "made with values (env, image)") {
        $0.release.supplied = ["image": ["tag": "0.1.0"], "env": [:]]
      },
      .due(.sourceValuesStale, "another chart of that version", .warning, "with values (env)") {
        $0.release.supplied = ["env": [:]]
        $0.release.chartName = "platform"
        $0.release.chartVersion = "0.2.0"
      },
      .nearMiss(.sourceValuesStale, "a release that was migrated") {
        $0.release.supplied = ["env": [:]]
        $0.release.chartVersion = "0.2.0"
      },
      .nearMiss(.sourceValuesStale, "none"),
    ]
  }

  @Test(arguments: try cases())
  func findingsAreMadeWhereTheyAreDue(_ finding: FindingCase) async throws {
    try await finding.check()
  }
}
