extension Recipe {
  /// The recipe's content as JSON, for the plan's digest.
  package var json: JSON {
    [
      "recipe": .string(name),
      "from": .array([.string(from.chart)] + from.versions.map(JSON.string)),
      "to": .array([.string(to.chart)] + to.versions.map(JSON.string)),
      "sink": [
        "variables": sink.map { .string($0.variables.description) } ?? .null,
        "sources": sink?.sources.map { .string($0.description) } ?? .null,
      ],
      "variables": .array(
        variables.map { variable in
          [
            "name": .string(variable.name),
            "aliases": .array(variable.aliases.map(JSON.string)),
            "home": .string(variable.home.description),
            "reference": variable.reference.map { .string($0.description) } ?? .null,
            "codec": .string(variable.codec.rawValue),
            "sensitive": .bool(variable.isSensitive),
            "whenAbsent": variable.whenAbsent.map(JSON.string) ?? .null,
          ]
        }),
      "settings": .array(
        settings.map { setting in
          [
            "fact": .string("\(setting.key.dimension).\(setting.key.name)"),
            "home": .string(setting.home.description),
            "whenAbsent": setting.whenAbsent ?? .null,
            "onlyIfNeeded": .bool(setting.isLazy),
            "onlyWhenPresent": .bool(setting.onlyWhenPresent),
            "switchedBy": .array(setting.switchedBy.map { .string($0.description) }),
            "code": .string(setting.code.rawValue),
          ]
        }),
      "listeners": .array(
        listeners.map { listener in
          [
            "name": .string(listener.name), "port": .string(listener.port),
            "enabledBy": .array(listener.enabledBy.map(JSON.string)),
            "paths": .object(listener.paths.mapValues(JSON.string)),
            "service": listener.service.map { .string($0.description) } ?? .null,
          ]
        }),
      "observedValues": .array(observedValues.map { .string($0.description) }),
    ]
  }
}
