/// Everything a plan starts from: the release before, the target by default, the recipe between
/// them, and what the operator chose.
package struct Situation: Sendable {
  package let snapshot: Snapshot
  package let target: Target
  package let recipe: Recipe
  package let choices: Choices

  /// The live objects of the release's own namespace.
  package let liveHere: Objects
  package let live: Workload
  /// The workload as the release's manifest has it; nil when the manifest has none.
  package let declared: Workload?
  package let before: EffectiveEnvironment
  package let byDefault: EffectiveEnvironment
  package let factsBefore: Facts
  package let factsByDefault: Facts
  /// The facts as the release's manifest has them; empty when it has no workload.
  let factsDeclared: Facts
  /// The broker's listeners, as its environment switches them before.
  let listeners: [Listener]
  /// The workload as the target has it by default.
  let targetByDefault: Workload
  /// What the target makes by default.
  package let renderedByDefault: Objects
  package let sensitivity: Sensitivity
  /// The names that the values given to helm mention.
  let suppliedNames: Set<String>

  /// Observes both sides, the target by its objects as rendered with its defaults.
  ///
  /// - Throws: ``PlanError`` when a side has no workload, or a choice names nothing.
  package init(
    snapshot: Snapshot, target: Target, rendered: Objects, recipe: Recipe, choices: Choices
  ) throws(PlanError) {
    self.snapshot = snapshot
    self.target = target
    self.recipe = recipe
    self.choices = choices
    try choices.check(against: recipe)
    let preferred =
      (try? Workload.find(
        in: snapshot.manifest.preferring(snapshot.release.namespace), preferred: [],
        where: "the manifest"))
      .map { [$0.containerName] } ?? []
    let home = snapshot.release.namespace
    liveHere = snapshot.live.within(home)
    live = try Workload.find(
      in: snapshot.live.preferring(home), container: choices.container,
      preferred: preferred + [snapshot.release.chartName],
      where: "release \"\(snapshot.release.name)\" in namespace \"\(snapshot.release.namespace)\"")
    declared = try? Workload.find(
      in: snapshot.manifest.preferring(home), preferred: [live.containerName], where: "the manifest"
    )
    sensitivity = Sensitivity(snapshot, recipe, choices)
    suppliedNames = snapshot.supplied.mentionedNames
    before = EffectiveEnvironment(live.environment, keys: snapshot.sourceKeys)
    // What the release holds, as it is; a Service that is gone leads nowhere.
    let owned = Objects(
      snapshot.live.all
        + snapshot.manifest.all.filter { object in
          let kind = object["kind"]?.string ?? ""
          return kind != "Service"
            && snapshot.live.counterpart(of: object, in: home) == nil
        }
    ).within(home)
    factsBefore = WorkloadObserver.facts(
      of: live, among: owned, related: snapshot.related, before, recipe)
    factsDeclared =
      declared.map { declared in
        WorkloadObserver.facts(
          of: declared, among: snapshot.manifest.within(home), related: snapshot.related,
          EffectiveEnvironment(declared.environment, keys: snapshot.sourceKeys), recipe)
      } ?? [:]
    listeners = recipe.listeners(in: before)
    let defaultWorkload = try Self.targetWorkload(
      in: rendered.preferring(home), like: live, target: target)
    byDefault = EffectiveEnvironment(defaultWorkload.environment, keys: snapshot.sourceKeys)
    factsByDefault = WorkloadObserver.facts(
      WorkloadObserver.facts(
        of: defaultWorkload, among: rendered.within(home), related: snapshot.related, byDefault,
        recipe),
      besides: factsBefore)
    targetByDefault = defaultWorkload
    renderedByDefault = rendered
  }

  /// The broker's workload among the target's objects.
  static func targetWorkload(
    in rendered: Objects, like live: Workload, target: Target
  ) throws(PlanError) -> Workload {
    try Workload.find(
      in: rendered, preferred: [live.containerName, target.chartName],
      where: "chart \(target.chartName) \(target.chartVersion)")
  }

  /// The facts of a target with what somebody added by hand to the Deployment's own labels and
  /// annotations: where it is changed in place, no merge of helm's takes that away.
  func persisting(_ facts: Facts, in target: Workload) -> Facts {
    guard let declared, target.name == live.name,
      Deployment(target.deployment).labelSelector == Deployment(live.deployment).labelSelector
    else { return facts }
    var facts = facts
    for (key, member) in [
      (PodObserver.deploymentLabels, "labels"), (PodObserver.deploymentAnnotations, "annotations"),
    ] {
      guard case .value(.object(let after))? = facts[key],
        case .value(.object(let before))? = factsBefore[key]
      else { continue }
      let made = declared.deployment["metadata"]?[member]?.members ?? [:]
      let added = before.filter { made[$0.key] == nil }
      facts[key] = .value(.object(after.merging(added) { target, _ in target }))
    }
    return facts
  }

  /// The name by which the broker's setting goes in the target: another spelling gives way to the
  /// recipe's own name, unless the release sets both.
  package func canonicalName(of name: String) -> String {
    guard let variable = recipe.variable(name), variable.name != name,
      !before.sets(variable.name),
      variable.aliases.first(where: { before.sets($0) }) == name,
      target.has(variable.home)
    else { return name }
    return variable.name
  }

  /// The recipe's description of a variable that goes by its canonical name.
  package func description(of name: String) -> Recipe.Variable? {
    recipe.variables.first { $0.name == name }
  }

  /// The flag by which the operator settled a fact, or changed one that it cannot stay without; nil
  /// when he did not. What came out as it was, although another value was chosen for it, is nothing
  /// that a fact cannot stay with.
  func consent(_ setting: Recipe.SettingHome, unchanged: Set<ValuePath> = []) -> String? {
    if let consent = choices.consent(homes: [setting.home], code: setting.code) { return consent }
    let before = factsBefore[setting.key] ?? .absent
    return setting.follows.lazy.filter { choice in
      !unchanged.contains(choice.home) && choice.spares.map { before != .value($0) } ?? true
    }.compactMap(consent(to:)).first
  }

  /// The flag by which the operator chose a value that a fact cannot stay with; nil when he chose
  /// none, or one that it can stay with.
  func consent(to choice: Recipe.SettingHome.Choice) -> String? {
    guard let consent = choices.consent(homes: [choice.home], code: choice.code) else { return nil }
    guard let chosen = choices.set[choice.home] ?? target.defaults.value(at: choice.home),
      let key = recipe.allSettings.first(where: { $0.home == choice.home })?.key,
      case .value(let before) = factsBefore[key], choice.allows(chosen, after: before)
    else { return consent }
    return nil
  }

  /// The place of a variable in the environment before; one that was not there comes last.
  func position(of name: String) -> Int { before.position(of: name) ?? .max }

  /// The values of the target that a variable can go to: its home, and the one for a reference.
  package func homes(of variable: Recipe.Variable?) -> [ValuePath] {
    [variable?.home, variable?.reference].compactMap { $0 }.filter(target.has)
  }

  /// The reference of the Deployment before.
  package var subject: ObjectReference {
    live.deployment.objectReference(defaultNamespace: snapshot.release.namespace)
  }
}

extension Objects {
  /// The objects of the release's own namespace where there is a Deployment among them; else all.
  func preferring(_ home: String) -> Objects {
    let here = within(home)
    return here.deployments.isEmpty ? self : here
  }
}

extension Choices {
  /// Checks that every adoption names a value path of a recipe or a finding.
  ///
  /// - Throws: ``PlanError/unknownAdoption(_:near:)`` for the first that does not, with those that
  ///   may have been meant: where it names a variable, the variable's home.
  package func check(against recipe: Recipe) throws(PlanError) {
    let homes =
      recipe.variables.flatMap { [$0.home, $0.reference].compactMap(\.?.description) }
      + recipe.allSettings.map(\.home.description)
    for adoption in adopt.sorted()
    where !homes.contains(adoption) && FindingCode(rawValue: adoption) == nil {
      let near =
        recipe.variable(adoption).map { [$0.home.description] }
        ?? Suggestions.near(adoption, among: homes + FindingCode.allCases.map(\.rawValue))
      throw PlanError.unknownAdoption(adoption, near: near)
    }
  }
}
