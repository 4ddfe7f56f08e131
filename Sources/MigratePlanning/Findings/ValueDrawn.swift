/// The target chart draws a value anew each time that it is rendered.
///
/// Meaning: what helm writes is not what the plan shows, and each later upgrade writes something
/// else again. With a password or a certificate, whoever uses the old one is locked out; with an
/// annotation of the Pods, every upgrade replaces them. What the plan shows of such a field is one
/// draw of many, so neither the plan's digest nor the verification after an apply goes by it.
///
/// Why: a template uses a function such as `randAlphaNum`, `genCA`, `uuidv4` or `now`. The chart
/// was rendered twice with the same values, and came out otherwise.
///
/// Resolve: most charts draw only what they are not given. Give them the value, such as the
/// password that is in use, or the name of the Secret that holds it:
///
///     backbone-migrate plan web --chart ./our-backbone \
///       --set auth.existingSecret=web-auth
///     backbone-migrate plan web --chart ./our-backbone --adopt value-drawn
///
/// The second command takes the draw as it comes. It does not help where the broker's own
/// Deployment is drawn, or what the plan keeps: then the chart has to be mended, for what runs has
/// to be what was planned.
///
/// Severity: `blocker` where the broker's Deployment, a variable, a setting or the name of an
/// object is drawn; else `breaking`. A chart that goes by `.Release.Revision` is listed as not
/// judged: each upgrade renders another number, and none is known before.
///
/// Source: measured on Helm 3.17 and 4.3, see docs/measured.md.
package enum ValueDrawn: ComparisonRule {
  package static let code = FindingCode.valueDrawn
  package static let dimension = Dimension.ownership

  package static func findings(in comparison: Comparison) -> [Finding] {
    let drawn = comparison.drawn
    let broker = comparison.target.deployment.objectReference(
      defaultNamespace: comparison.situation.snapshot.release.namespace)
    var decisive = drawn.objects.filter { entry in
      entry.object == broker || drawn.reachBroker && factKinds.contains(entry.object.kind)
    }
    if drawn.reachBroker, decisive.isEmpty { decisive = drawn.objects }
    let fields = drawn.objects.map { entry in
      let isBroker = decisive.contains(entry)
      let paths = entry.paths.map(FieldDifference.text).joined(separator: ", ")
      return comparison.finding(
        self, isBroker ? .blocker : .breaking,
        "\(entry.object) comes out otherwise each time that \(comparison.targetName) is rendered: "
          + paths,
        subject: entry.object,
        remedy: isBroker
          ? "give the chart a value that it does not draw, with --set, or mend its template"
          : "give the chart a value that it does not draw, with --set, or take the draw as it "
            + "comes with --adopt value-drawn",
        acceptedBy: comparison.situation.choices.consent(homes: [], code: code))
    }
    let names = drawn.named.map { object in
      comparison.finding(
        self, .blocker,
        "the name \"\(object.name)\" of a \(object.kind) is drawn anew each time that "
          + "\(comparison.targetName) is rendered",
        // The name would make another plan each time.
        subject: comparison.situation.subject,
        remedy: "give the chart a name, with --set, or mend its template")
    }
    return fields + names
  }

  /// What stays open where a chart goes by the number of the revision that helm is about to make.
  package static func unchecked(_ target: Target) -> Unchecked {
    Unchecked(
      code: code.rawValue,
      reason: "chart \(target.chartName) \(target.chartVersion) goes by the number of helm's "
        + "revision (.Release.Revision), and what it renders with the next one is not seen before")
  }

  /// The kinds from which facts are read, beside the Deployment.
  private static let factKinds: Set<String> = [
    "PersistentVolumeClaim", "Service", "ServiceAccount",
  ]
}
