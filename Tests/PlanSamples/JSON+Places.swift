import Foundation
import MigratePlanning

extension JSON {
  /// The places of the strings and keys that contain a text, as `findings.3.message`.
  func places(of text: String, at place: [String] = []) -> [String] {
    switch self {
    case .string(let string):
      string.holds(text) ? [place.joined(separator: ".")] : []
    case .array(let elements):
      elements.enumerated().flatMap { $1.places(of: text, at: place + [String($0)]) }
    case .object(let members):
      members.sorted { $0.key < $1.key }.flatMap { key, value in
        (key.holds(text) ? [place.joined(separator: ".") + "{\(key)}"] : [])
          + value.places(of: text, at: place + [key])
      }
    default: []
    }
  }
}

extension String {
  /// Whether a text stands in this one, byte for byte.
  func holds(_ text: String) -> Bool { range(of: text, options: .literal) != nil }
}
