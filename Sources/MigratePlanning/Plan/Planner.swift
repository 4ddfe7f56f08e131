/// Makes plans. The order in which one comes about stands here and nowhere else: observe, propose,
/// render, repair once, compare, ask, judge.
package enum Planner {
  /// Plans a release. `render` says what the target renders for it with values, and with its
  /// defaults for nil, which is the first question and put once; `ask` says what the API server
  /// answers to a comparison, and is nil where nobody is to be asked.
  ///
  /// `renderAgain` renders once more, and is nil where nothing in the chart can come out otherwise
  /// then: what it draws by chance is no part of what is compared.
  ///
  /// Where the target refuses one of the proposed values, it is compared without that value. The
  /// API server is asked once, when all is rendered.
  ///
  /// - Throws: what rendering and asking throw, and ``PlanError``.
  package static func plan(
    _ snapshot: Snapshot, onto target: Target, recipe: Recipe, choices: Choices,
    render: (JSON?) async throws -> Objects,
    renderAgain: ((JSON?) async throws -> Objects)? = nil,
    ask: ((Comparison) async throws -> ServerAnswers)?
  ) async throws -> Plan {
    var byDefault = try await render(nil)
    if let renderAgain {
      byDefault = byDefault.markingDrawn(
        in: try await renderAgain(nil), home: snapshot.release.namespace)
    }
    let situation = try Situation(
      snapshot: snapshot, target: target, rendered: byDefault, recipe: recipe, choices: choices)
    var comparison = try await compare(situation, render)
    if let renderAgain {
      let again = try await renderAgain(comparison.proposal.values)
      comparison.drawn = DrawnFields(
        comparison, try Comparison(situation, comparison.proposal, rendered: again))
    }
    let ignored = await choicesWithoutEffect(in: comparison, render)
    let reply: ServerReply =
      if let ask { .answered(try await ask(comparison)) } else { .notAsked }
    return Plan(Evidence(comparison, reply, ignoredChoices: ignored))
  }

  /// Proposes values, renders them, repairs them once where that does not suffice, and compares.
  private static func compare(
    _ situation: Situation, _ render: (JSON?) async throws -> Objects
  ) async throws -> Comparison {
    let (proposal, rendered) = try await rendered(Proposal(situation), render)
    let comparison = try Comparison(situation, proposal, rendered: rendered)
    guard let repaired = proposal.repaired(comparison) else { return comparison }
    return try Comparison(situation, repaired, rendered: try await render(repaired.values))
  }

  /// A proposal with what it renders to, without the one value that the target refuses.
  ///
  /// - Throws: what rendering throws, when leaving out one value does not help or, by a
  ///   ``LastingFailure``, cannot help.
  private static func rendered(
    _ proposal: Proposal, _ render: (JSON?) async throws -> Objects
  ) async throws -> (Proposal, Objects) {
    do {
      return (proposal, try await render(proposal.values))
    } catch let error as any LastingFailure {
      throw error
    } catch {
      for less in proposal.withoutOneValue(refusedFor: "\(error)") {
        if let rendered = try? await render(less.values) { return (less, rendered) }
      }
      throw error
    }
  }

  /// The values that the operator set to something other than their default, and without which the
  /// target renders the very same objects.
  private static func choicesWithoutEffect(
    in comparison: Comparison, _ render: (JSON?) async throws -> Objects
  ) async -> [ValuePath] {
    let (situation, proposal) = (comparison.situation, comparison.proposal)
    var ignored: [ValuePath] = []
    for (path, value) in situation.choices.set.sorted(by: { $0.key < $1.key })
    where situation.target.defaults.value(at: path) != value {
      // A chart may refuse to be rendered without the value; then it is not ignored.
      guard let others = try? await render(proposal.values(without: path)),
        let without = try? Comparison(situation, proposal, rendered: others)
      else { continue }
      if without.rendered == comparison.rendered { ignored.append(path) }
    }
    return ignored
  }
}

/// A failure of rendering that lasts whatever value of the proposal is left out.
package protocol LastingFailure: Error {}
