/// The API server would not take an object as rendered.
///
/// Meaning: the upgrade would fail at this object, after it has changed others. `helm upgrade
/// --dry-run=server` does not see most of these: it reports success.
///
/// Why: the server was asked with a dry run, which changes nothing, and refused: a rule of the API,
/// an admission webhook or a quota stands against it. The message is the server's.
///
/// Resolve: do what the server says. Where it did not say anything because you may read but not
/// write, plan once more as a user who may; this answers whether you are one:
///
///     kubectl auth can-i patch deployments --namespace mqtt
///
/// A Job's Pod template never changes. helm makes the new Job when the old one is gone, so delete
/// one that has done its work, or have the chart name each version's Job anew:
///
///     kubectl delete job web-init --namespace mqtt
///
/// Severity: `blocker`. Without a cluster to ask, as with `--from`, or without the permission to
/// create or patch an object, it is listed as not judged.
///
/// Source: measured on Helm 3.17 and 4.3, see docs/measured.md.
package enum ServerRejects: FindingRule {
  package static let code = FindingCode.serverRejects
  package static let dimension = Dimension.ownership

  package static func findings(in evidence: Evidence) -> [Finding] {
    (evidence.answers?.rejections ?? []).filter { $0.unservedVersion == nil }.map { rejection in
      evidence.comparison.finding(
        self, .blocker, "the API server refuses \(rejection.object): \(rejection.reason)",
        subject: rejection.object,
        remedy: rejection.object.kind == "Job"
          ? "a Job's Pods never change: delete it, kubectl delete job "
            + "\(rejection.object.name.shellQuoted) --namespace "
            + "\(rejection.object.namespace ?? ""), and helm makes the new one; then plan again"
          : "mend what it says, then plan again")
    }
  }
}
