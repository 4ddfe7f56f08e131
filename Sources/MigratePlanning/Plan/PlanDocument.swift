/// A plan as it leaves the process: the JSON contract `backbone-migrate/plan/v1`, without secrets.
/// Views and the history know only this.
package struct PlanDocument: Hashable, Sendable, Codable {
  /// The name of the contract.
  package static let schema = "backbone-migrate/plan/v1"

  package struct Release: Hashable, Sendable, Codable {
    package var name: String
    package var namespace: String
    package var revision: Int
    package var status: String
    package var chart: Chart
    @Nullable package var context: String?
    @Nullable package var clusterID: String?
  }

  package struct Chart: Hashable, Sendable, Codable {
    package var name: String
    package var version: String
  }

  package struct TargetChart: Hashable, Sendable, Codable {
    package var name: String
    package var version: String
    package var source: String
    package var digest: String
  }

  package struct Target: Hashable, Sendable, Codable {
    package var chart: TargetChart
    package var helmVersion: String
    package var applyMethod: ReleaseIdentity.ApplyMethod
  }

  package struct Override: Hashable, Sendable, Codable {
    package var name: String
    package var container: String
    package var provenance: String
    @Nullable package var manager: String?
    package var kind: String
    package var sensitive: Bool
    @Nullable package var value: String?
    package var disposition: String
    @Nullable package var path: String?
  }

  package struct Variable: Hashable, Sendable, Codable {
    package var name: String
    package var before: JSON
    package var after: JSON
    package var state: VariableComparison.State
    @Nullable package var explainedBy: FindingCode?
  }

  package struct Setting: Hashable, Sendable, Codable {
    package var dimension: Dimension
    package var subject: Subject
    package var name: String
    package var before: JSON
    package var byDefault: JSON
    package var after: JSON
    package var carrier: String
    @Nullable package var path: String?
  }

  package struct Subject: Hashable, Sendable, Codable {
    package var kind: String
    package var name: String
    @Nullable package var namespace: String?
  }

  package struct FindingEntry: Hashable, Sendable, Codable {
    package var code: FindingCode
    package var dimension: Dimension
    package var severity: Finding.Severity
    package var subject: Subject
    package var message: String
    package var before: JSON
    package var after: JSON
    @Nullable package var remedy: String?
    package var resolved: Bool
    @Nullable package var acceptedBy: String?
    /// The one field that it is about; null when it is about more, and in plans of older versions.
    @Nullable package var path: String? = nil

    /// Whether the finding counts for the verdict.
    package var isOpen: Bool { !resolved && acceptedBy == nil }
  }

  package struct Object: Hashable, Sendable, Codable {
    package var kind: String
    package var name: String
    @Nullable package var namespace: String?
    package var change: ObjectChange.Kind

    package init(_ object: ObjectReference, _ change: ObjectChange.Kind) {
      kind = object.kind
      name = object.name
      namespace = object.namespace
      self.change = change
    }
  }

  package struct InterruptionEntry: Hashable, Sendable, Codable {
    package var kind: Interruption.Kind
    package var brokersOverlap: Bool
    @Nullable package var estimateSeconds: Int?
  }

  package var schema: String
  package var id: String
  package var digest: String
  package var createdAt: DocumentTime
  package var verdict: Plan.Verdict
  package var release: Release
  package var target: Target
  package var overrides: [Override]
  package var environment: [Variable]
  package var settings: [Setting]
  package var findings: [FindingEntry]
  package var unchecked: [Unchecked]
  package var objects: [Object]
  package var interruption: InterruptionEntry
  package var values: JSON
  package var commands: [String]
  /// The options that the plan was made with, as arguments, secrets redacted; null in plans of
  /// versions that did not keep them.
  @Nullable package var options: [String]? = nil
}

/// An optional that the contract writes as `null` rather than leaving it out.
@propertyWrapper
package struct Nullable<Value: Hashable & Sendable & Codable>: Hashable, Sendable, Codable {
  package var wrappedValue: Value?

  package init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  package init(from decoder: any Decoder) throws {
    wrappedValue = try Value?(from: decoder)
  }

  package func encode(to encoder: any Encoder) throws {
    try wrappedValue.encode(to: encoder)
  }
}

extension KeyedDecodingContainer {
  /// A key that is missing reads as null, so that documents of older versions can be read.
  package func decode<Value>(_: Nullable<Value>.Type, forKey key: Key) throws -> Nullable<Value> {
    Nullable(wrappedValue: try decodeIfPresent(Value.self, forKey: key))
  }
}

extension PlanDocument {
  /// The document as JSON.
  ///
  /// - Throws: when it cannot be written as JSON.
  package var json: JSON { get throws { try JSON(encoding: self) } }

  /// Reads a document from its JSON text.
  ///
  /// - Throws: ``DocumentError`` when it is none.
  package init(text: String) throws(DocumentError) {
    self = try PlanDocument.document(text, schema: Self.schema)
    guard id.isID(of: "plan") else { throw DocumentError(reason: "\"id\" is no plan's id") }
  }
}

extension PlanDocument.Subject {
  package init(_ reference: ObjectReference) {
    self.init(kind: reference.kind, name: reference.name, namespace: reference.namespace)
  }
}
