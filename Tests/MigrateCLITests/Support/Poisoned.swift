import MigratePlanning

extension JSON {
  /// The tree with a text behind every text of it.
  func poisoned(with text: String) -> JSON {
    switch self {
    case .string(let string): .string(string + text)
    case .array(let elements): .array(elements.map { $0.poisoned(with: text) })
    case .object(let members): .object(members.mapValues { $0.poisoned(with: text) })
    default: self
    }
  }
}

extension PlanDocument {
  /// The plan with a text in every string that a release or a chart can bring along.
  func poisoned(with text: String) -> PlanDocument {
    var copy = self
    copy.id += text
    copy.release.name += text
    copy.release.namespace += text
    copy.release.chart.name += text
    copy.release.chart.version += text
    copy.target.chart.source += text
    copy.target.helmVersion += text
    for index in copy.overrides.indices {
      copy.overrides[index].name += text
      copy.overrides[index].manager = text
      copy.overrides[index].path = text
    }
    for index in copy.environment.indices {
      copy.environment[index].name += text
      copy.environment[index].before = copy.environment[index].before.poisoned(with: text)
      copy.environment[index].after = copy.environment[index].after.poisoned(with: text)
    }
    for index in copy.settings.indices {
      copy.settings[index].name += text
      copy.settings[index].before = copy.settings[index].before.poisoned(with: text)
      copy.settings[index].after = copy.settings[index].after.poisoned(with: text)
      copy.settings[index].path = text
      copy.settings[index].carrier = "value"
    }
    for index in copy.findings.indices {
      copy.findings[index].message += text
      copy.findings[index].remedy = text
      copy.findings[index].acceptedBy = index.isMultiple(of: 2) ? text : nil
    }
    for index in copy.unchecked.indices {
      copy.unchecked[index].code += text
      copy.unchecked[index].reason += text
    }
    for index in copy.objects.indices {
      copy.objects[index].kind += text
      copy.objects[index].name += text
    }
    copy.commands = copy.commands.map { $0 + text }
    return copy
  }
}

extension RunDocument {
  /// The run with a text in every string that a cluster, a chart or a program can bring along.
  func poisoned(with text: String) -> RunDocument {
    var copy = self
    copy.id += text
    copy.message = (message ?? "") + text
    copy.next = (next ?? "").adding(text)
    copy.back = (back ?? "").adding(text)
    copy.startedAt = DocumentTime(text: copy.startedAt.text + text)
    copy.release.name += text
    copy.release.namespace += text
    copy.release.context = text
    copy.backup = text
    copy.now = Now(revision: 4, status: text, heldStill: [text], programs: [text])
    for index in copy.steps.indices { copy.steps[index].detail = text }
    for index in copy.findings.indices {
      copy.findings[index].message += text
      copy.findings[index].remedy = text
      copy.findings[index].subject.name = text
      copy.findings[index].before = copy.findings[index].before.poisoned(with: text)
    }
    for index in copy.changes.indices {
      copy.changes[index].object.name += text
      for field in copy.changes[index].fields.indices {
        copy.changes[index].fields[field].path += text
        copy.changes[index].fields[field].after = .string(text)
      }
    }
    for index in copy.differences.indices {
      copy.differences[index].object.kind += text
      copy.differences[index].path += text
      copy.differences[index].found = .string(text)
    }
    return copy
  }
}
